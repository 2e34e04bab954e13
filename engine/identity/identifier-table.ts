/**
 * Identifiers as small integers: each distinct type and value gets the next number, so that
 * everything after reading works on integers. One map per kind keeps keys as they came.
 */
import { createIntList } from './int-list.ts'
import type { Identifier } from './types.ts'

export type IdentifierTable = {
  intern: (type: string, value: string) => number
  size: () => number
  identifier: (id: number) => Identifier
  /** Kind number of each identifier; index into `kinds`. */
  kindOf: () => Int32Array
  kinds: () => string[]
}

export const createIdentifierTable = (): IdentifierTable => {
  const idsByKind = new Map<string, { kind: number; ids: Map<string, number> }>()
  const kinds: string[] = []
  const kindOf = createIntList()
  const values: string[] = []

  const addKind = (type: string) => {
    const entry = { kind: kinds.push(type) - 1, ids: new Map<string, number>() }
    idsByKind.set(type, entry)
    return entry
  }

  return {
    intern: (type, value) => {
      const { kind, ids } = idsByKind.get(type) ?? addKind(type)
      const known = ids.get(value)
      if (known !== undefined) return known
      const id = values.push(value) - 1
      ids.set(value, id)
      kindOf.push(kind)
      return id
    },
    size: () => values.length,
    identifier: (id) => ({
      type: kinds[kindOf.view()[id] ?? -1] ?? '',
      value: values[id] ?? '',
    }),
    kindOf: kindOf.view,
    kinds: () => kinds,
  }
}
