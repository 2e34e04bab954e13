/** What a request says about each item: all fields, chosen ones, or a template filled in. */
import type { Item } from '../../../engine/contract/item.ts'
import type { Fields, Json } from '../../../engine/contract/json.ts'
import { readPath, toText } from '../../lib/field-path.ts'

export interface BodySettings {
  body: 'all' | 'fields' | 'template'
  fields: readonly string[]
  template: string
}

export type Describe = (item: Item) => Json

export function createDescriber({ body, fields, template }: BodySettings): Describe {
  if (body === 'all') return (item) => item.fields
  if (body === 'fields') return (item) => pick(item.fields, fields)
  const parsed = JSON.parse(template) as Json
  return (item) => fill(parsed, item.fields)
}

function pick(fields: Fields, names: readonly string[]): Fields {
  const picked: Fields = {}
  for (const name of names) picked[name] = readPath(fields, name) ?? null
  return picked
}

export function isTemplate(template: string): boolean {
  try {
    JSON.parse(template)
    return true
  } catch {
    return false
  }
}

const PLACEHOLDER = /\{([^{}]+)\}/g
const ONLY = /^\{([^{}]+)\}$/

/** A text that is one placeholder becomes the value itself; within a text it becomes text. */
function fill(part: Json, fields: Fields): Json {
  if (typeof part === 'string') {
    const only = ONLY.exec(part)?.[1]
    if (only !== undefined) return readPath(fields, only) ?? null
    return part.replace(PLACEHOLDER, (_, name: string) => toText(readPath(fields, name)))
  }
  if (Array.isArray(part)) return part.map((inner) => fill(inner, fields))
  if (part === null || typeof part !== 'object') return part
  return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, fill(inner, fields)]))
}

/** Names of the fields that leave; undefined when all do. */
export function fieldsSent({ body, fields, template }: BodySettings): string[] | undefined {
  if (body === 'all') return undefined
  return body === 'fields' ? [...fields] : [...new Set(placeholders(JSON.parse(template) as Json))]
}

function placeholders(part: Json): string[] {
  if (typeof part === 'string') return [...part.matchAll(PLACEHOLDER)].map(([, name = '']) => name)
  if (part === null || typeof part !== 'object') return []
  return Object.values(part).flatMap(placeholders)
}
