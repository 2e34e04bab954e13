/** What may be added at a place, and what a step may be connected to, with reasons for the rest. */
import { useTranslation } from 'react-i18next'
import type { CatalogEntry } from '../../engine/contract/catalog.ts'
import type { Wire } from '../../engine/contract/flow.ts'
import { outPortsOf } from '../document/can-connect.ts'
import { useFlow, useGraph } from '../document/flow-store.ts'
import { readingOrder } from '../document/walk-focus.ts'
import { nodeTitle, portTitle, typeSummary, typeTitle } from '../words/node-words.ts'
import { asksToConnect, mayEnter, mayFollow } from './flow-commands.ts'
import type { Choice } from './step-picker.tsx'

export type AddPlace =
  { kind: 'into'; wire: Wire } | { kind: 'after'; from: Wire['from'] } | { kind: 'anywhere' }

export function useAddChoices(place: AddPlace, entries: readonly CatalogEntry[]): Choice[] {
  const { t } = useTranslation()
  return entries.map((entry) => {
    const fits =
      place.kind === 'anywhere' ||
      (place.kind === 'into' ? mayEnter(place.wire, entry) : mayFollow(place.from, entry))
    const refusal = entry.inPorts.length === 0 ? t('refused.is_source') : t('refused.no_fit_here')
    return {
      id: entry.type,
      name: typeTitle(entry),
      about: typeSummary(entry),
      role: entry.role,
      ...(fits ? {} : { refused: refusal }),
    }
  })
}

/** Choice ids are `fromPort>node>toPort`; see `readTarget`. */
export function useConnectChoices(fromId: string): Choice[] {
  const { t } = useTranslation()
  const graph = useGraph()
  const catalog = useFlow((state) => state.catalog)
  const from = graph.nodes.find((node) => node.id === fromId)
  const fromEntry = catalog.get(from?.type ?? '')
  const outPorts = outPortsOf(from, catalog)
  return readingOrder(graph).flatMap((node) => {
    const entry = catalog.get(node.type)
    if (!entry || node.id === fromId) return []
    return outPorts.flatMap((outPort) =>
      entry.inPorts.map((inPort) => {
        const answer = asksToConnect(
          { node: fromId, port: outPort.name },
          { node: node.id, port: inPort.name },
        )
        const ports = [
          ...(outPorts.length > 1 ? [portTitle(fromEntry, outPort)] : []),
          ...(entry.inPorts.length > 1 ? [portTitle(entry, inPort)] : []),
        ].join(' → ')
        return {
          id: [outPort.name, node.id, inPort.name].join('>'),
          name: nodeTitle(node, entry) + (ports === '' ? '' : ` (${ports})`),
          about: typeTitle(entry),
          role: entry.role,
          ...(answer.ok ? {} : { refused: t(`refused.${answer.reason}`, { ...answer.values }) }),
        }
      }),
    )
  })
}

export function readTarget(choiceId: string): { fromPort: string; to: Wire['to'] } {
  const [fromPort = '', node = '', port = ''] = choiceId.split('>')
  return { fromPort, to: { node, port } }
}
