/** A copy of unsaved work on this device, kept until the server has confirmed it. */
import { z } from 'zod'
import { flowGraphSchema } from '../../engine/contract/flow.ts'
import type { FlowDocument } from './history.ts'

const copySchema = z.object({ base: z.int(), name: z.string(), graph: flowGraphSchema })

const keyOf = (flowId: string): string => `heddle.draft.${flowId}`

/** A full or switched-off storage must not stop the editing itself. */
export function keepLocalCopy(flowId: string, document: FlowDocument, base: number): void {
  try {
    localStorage.setItem(keyOf(flowId), JSON.stringify({ base, ...document }))
  } catch {
    // The draft is saved on the server all the same.
  }
}

export function dropLocalCopy(flowId: string): void {
  try {
    localStorage.removeItem(keyOf(flowId))
  } catch {
    // Nothing was kept then.
  }
}

export function readLocalCopy(
  flowId: string,
): { base: number; document: FlowDocument } | undefined {
  try {
    const copy = copySchema.safeParse(JSON.parse(localStorage.getItem(keyOf(flowId)) ?? 'null'))
    if (!copy.success) return undefined
    const { base, name, graph } = copy.data
    return { base, document: { name, graph } }
  } catch {
    return undefined
  }
}
