/** Reads and writes values by field name or dotted path; own properties only. */
import type { Fields, Json } from '../../engine/contract/json.ts'

const FORBIDDEN: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

/** The value under the exact name, else under the dotted path; undefined when there is none. */
export function readPath(fields: Fields, name: string): Json | undefined {
  if (Object.hasOwn(fields, name)) return fields[name]
  if (!name.includes('.')) return undefined
  let value: Json | undefined = fields
  for (const part of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined
    value = (value as Record<string, Json>)[part]
  }
  return value
}

/** Whether a value may be written under this name. */
export const isWritable = (name: string): boolean =>
  name !== '' && !name.split('.').some((part) => FORBIDDEN.has(part))

/** Present, and neither null nor blank text. */
export const isSet = (value: Json | undefined): value is Exclude<Json, null> =>
  value !== undefined && value !== null && !(typeof value === 'string' && value.trim() === '')

/** A value as text for keys, templates and files; empty for nothing. */
export const toText = (value: Json | undefined): string =>
  value === undefined || value === null
    ? ''
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value)
