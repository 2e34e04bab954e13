/** Reads and writes settings by path, as problems name them: `rows.0.field`. */
import type { Json } from '../../engine/contract/json.ts'

export type SettingsPath = readonly string[]

export const parsePath = (path: string): string[] => (path === '' ? [] : path.split('.'))
export const joinPath = (path: SettingsPath): string => path.join('.')

/** The path with list positions left out, as node types' texts name settings: `rows.field`. */
export const wordsPath = (path: SettingsPath): string =>
  path.filter((step) => !/^\d+$/.test(step)).join('.')

export function getAt(value: Json | undefined, path: SettingsPath): Json | undefined {
  const [step, ...rest] = path
  if (step === undefined) return value
  if (Array.isArray(value)) return getAt(value[Number(step)], rest)
  if (value === null || typeof value !== 'object') return undefined
  return Object.hasOwn(value, step) ? getAt(value[step], rest) : undefined
}

/** A copy with the value at the path replaced; `undefined` takes a key or list entry away. */
export function setAt(
  value: Json | undefined,
  path: SettingsPath,
  to: Json | undefined,
): Json | undefined {
  const [step, ...rest] = path
  if (step === undefined) return to
  if (Array.isArray(value) || (value === undefined && /^\d+$/.test(step)))
    return setInList(Array.isArray(value) ? value : [], Number(step), rest, to)
  const before = value !== null && typeof value === 'object' ? value : {}
  const { [step]: old, ...others } = before as Record<string, Json>
  const next = setAt(old, rest, to)
  if (next === undefined) return others
  return Object.hasOwn(before, step) ? { ...before, [step]: next } : { ...others, [step]: next }
}

function setInList(list: Json[], at: number, rest: SettingsPath, to: Json | undefined): Json[] {
  const next = setAt(list[at], rest, to)
  if (next === undefined) return list.filter((_, i) => i !== at)
  return at >= list.length ? [...list, next] : list.map((entry, i) => (i === at ? next : entry))
}

/** The list with one entry moved; the same list when it would leave it. */
export function moveEntry<T>(list: readonly T[], from: number, to: number): readonly T[] {
  const entry = list[from]
  if (entry === undefined || to < 0 || to >= list.length || from === to) return list
  const without = list.filter((_, i) => i !== from)
  return [...without.slice(0, to), entry, ...without.slice(to)]
}
