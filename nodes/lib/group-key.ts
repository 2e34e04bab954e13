/** The key records are grouped, compared or joined by: the person, or a combination of fields. */
import { createHash } from 'node:crypto'
import type { Item } from '../../engine/contract/item.ts'
import { isSet, readPath, toText } from './field-path.ts'

export interface KeySettings {
  by: 'person' | 'fields'
  fields: readonly string[]
  ignoreCase?: boolean
}

/** Longer keys are kept as digests, so that memory grows with the number of keys only. */
const MAX_KEY = 44
const SEPARATOR = '\u001f'

/** Gives the key of an item; undefined when no person is known or all its fields are empty. */
export function createKeyReader(settings: KeySettings): (item: Item) => string | undefined {
  if (settings.by === 'person') return (item) => item.profileId
  const { fields, ignoreCase = false } = settings
  return (item) => {
    let key = ''
    let filled = false
    for (const field of fields) {
      const value = readPath(item.fields, field)
      const text = toText(value).trim()
      filled ||= isSet(value)
      key += SEPARATOR + text.replaceAll(SEPARATOR, ' ')
    }
    return filled ? shorten(ignoreCase ? key.toLowerCase() : key) : undefined
  }
}

const shorten = (key: string): string =>
  key.length <= MAX_KEY ? key : createHash('sha256').update(key).digest('base64url')

/** A stable id for the item that stands for a group. */
export const groupId = (nodeId: string, key: string): string =>
  `${nodeId}:${createHash('sha256').update(key).digest('base64url').slice(0, 22)}`
