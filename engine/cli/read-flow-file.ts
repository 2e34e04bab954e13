/** A flow kept as a file: the graph itself, or a flow or version as the API gives it. */
import { readFile } from 'node:fs/promises'
import { ZodError } from 'zod'
import { readFlowGraph, type FlowGraph } from '../contract/flow.ts'

/** Throws an error that names the file and what is wrong with it. */
export async function readFlowFile(file: string): Promise<FlowGraph> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Error(`There is no file ${file} that can be read. Check its name.`, { cause })
  })
  try {
    return readFlowGraph(graphIn(JSON.parse(text)))
  } catch (error) {
    throw new Error(`${file} holds no flow: ${reason(error)}`, { cause: error })
  }
}

function graphIn(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const { draft, graph } = value as { draft?: unknown; graph?: unknown }
  return draft ?? graph ?? value
}

function reason(error: unknown): string {
  if (!(error instanceof ZodError)) return error instanceof Error ? error.message : String(error)
  const lines = error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join('.')}: ${message}`,
  )
  return lines.slice(0, 5).join('\n  ')
}
