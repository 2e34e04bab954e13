/** A node type as the editor sees it: data only, made from the declaration. */
import { z } from 'zod'
import type { Json } from './json.ts'
import type {
  Effects,
  InPort,
  NodeType,
  NodeWords,
  OutPort,
  OutPortsFromConfig,
  Role,
} from './node.ts'

export interface CatalogEntry {
  type: string
  version: number
  role: Role
  title: string
  summary: string
  icon?: string
  /**
   * JSON Schema of the settings. Keys a form reads besides the standard ones: `widget`, `showIf`
   * (`{field: value}`), `labels` (of enum values), `advanced`, `placeholder`.
   */
  form: Json
  inPorts: readonly InPort[]
  outPorts: readonly OutPort[] | OutPortsFromConfig
  scope: 'page' | 'dataset'
  effects: Effects
  /** Of a source whose records come as they happen. */
  live?: true
  drops: Readonly<Record<string, string>>
  fails: Readonly<Record<string, string>>
  words: { 'zh-CN'?: NodeWords }
}

/** Widgets a setting may ask for by `.meta({ widget })`; others are chosen from the type. */
export type Widget =
  | 'field'
  | 'fields'
  | 'expression'
  | 'condition'
  | 'mapping'
  | 'file'
  | 'columns'
  | 'purposes'
  | 'region'
  | 'secret'
  | 'connection'
  | 'textarea'
  | 'hidden'

export function toCatalogEntry(nodeType: NodeType): CatalogEntry {
  return {
    type: nodeType.type,
    version: nodeType.version,
    role: nodeType.role,
    title: nodeType.title,
    summary: nodeType.summary,
    ...(nodeType.icon === undefined ? {} : { icon: nodeType.icon }),
    form: z.toJSONSchema(nodeType.config, { io: 'input', unrepresentable: 'any' }) as Json,
    inPorts: nodeType.inPorts,
    outPorts: nodeType.outPorts,
    scope: nodeType.scope,
    effects: nodeType.effects,
    ...(nodeType.live ? { live: true as const } : {}),
    drops: nodeType.drops,
    fails: nodeType.fails,
    words: nodeType.words,
  }
}
