/** New steps and wires: ids that last, and settings as the form starts with. */
import type { CatalogEntry } from '../../engine/contract/catalog.ts'
import type { FlowNode, Wire } from '../../engine/contract/flow.ts'
import { startValue } from '../inspector/form-schema.ts'
import type { Place } from './edit-graph.ts'

export const newId = (): string => crypto.randomUUID().replaceAll('-', '').slice(0, 12)

export function makeNode(entry: CatalogEntry, position: Place): FlowNode {
  const config = startValue(entry.form, entry.form)
  return {
    id: `${entry.type.slice(0, 40)}_${newId()}`,
    type: entry.type,
    version: entry.version,
    name: '',
    config: config !== null && typeof config === 'object' && !Array.isArray(config) ? config : {},
    position: { x: Math.round(position.x), y: Math.round(position.y) },
  }
}

export const makeWire = (from: Wire['from'], to: Wire['to']): Wire => ({ id: newId(), from, to })
