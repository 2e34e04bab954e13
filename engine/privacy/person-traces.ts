/** Finds a person in stored data of any shape: by addresses and numbers wherever they stand, by short
 *  ids only in fields that name people, so that nobody else's records are taken for theirs. Pure. */
import type { Identifier } from '../contract/item.ts'
import type { Json } from '../contract/json.ts'

export interface PersonTraces {
  /** False: the text surely holds nothing of the person. True: look closer. */
  mayBeIn(text: string): boolean
  isIn(value: Json): boolean
  /** The quick look as a pattern a database can search by; undefined when nobody is looked for. */
  pattern: string | undefined
}

/** Long enough to be nobody else's by chance. */
const UNMISTAKABLE = 8
/** Last digits of a phone number, however its beginning is written. */
const PHONE_DIGITS = 9
const NAMES_PEOPLE = new Set([
  'id',
  'userid',
  'customerid',
  'clientid',
  'memberid',
  'contactid',
  'personid',
  'externalid',
  'anonymousid',
  'previousid',
])

export function createPersonTraces(
  identifiers: readonly Identifier[],
  profileIds: readonly string[],
): PersonTraces {
  const all = [...identifiers, ...profileIds.map((value) => ({ type: 'profile_id', value }))]
  const contacts = all.flatMap(contactPattern)
  const ids = all.filter(({ type }) => type !== 'email' && type !== 'phone')
  const plain = ids.flatMap(({ value }) => spellings(value).map(escapeText))
  const quick = joined([...contacts.map(({ source }) => source), ...plain], 'i')
  const contact = joined(
    contacts.map(({ source }) => source),
    'i',
  )
  const byValue = new Map<string, Identifier[]>()
  for (const one of ids) byValue.set(one.value, [...(byValue.get(one.value) ?? []), one])

  const isLeaf = (text: string, key: string): boolean => {
    if (contact?.test(text)) return true
    const found = byValue.get(text.trim())
    return found?.some(({ type, value }) => isUnmistakable(value) || isNamed(key, type)) ?? false
  }
  const isListed = (value: Record<string, Json>): boolean =>
    ids.some((one) => one.type === value['type'] && one.value === value['value'])
  const isIn = (value: Json, key = ''): boolean => {
    if (typeof value === 'string' || typeof value === 'number') return isLeaf(String(value), key)
    if (value === null || typeof value === 'boolean') return false
    if (Array.isArray(value)) return value.some((entry) => isIn(entry, key))
    return isListed(value) || Object.entries(value).some(([name, inner]) => isIn(inner, name))
  }
  return { mayBeIn: (text) => quick?.test(text) ?? false, isIn, pattern: quick?.source }
}

function contactPattern({ type, value }: Identifier): Array<{ source: string }> {
  if (type === 'email')
    return spellings(value).map((text) => ({
      source: `(?<![\\w.+-])${escapeText(text)}(?![\\w-]|\\.\\w)`,
    }))
  if (type !== 'phone') return []
  const digits = value.replace(/\D/g, '').slice(-PHONE_DIGITS)
  return digits.length < 6 ? [] : [{ source: `${[...digits].join('[^0-9A-Za-z]{0,3}')}(?!\\d)` }]
}

/** As itself and as JSON writes it. */
const spellings = (value: string): string[] => [
  ...new Set([value, JSON.stringify(value).slice(1, -1)]),
]
const escapeText = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
const joined = (sources: readonly string[], flags: string): RegExp | undefined =>
  sources.length === 0 ? undefined : new RegExp(sources.join('|'), flags)
const isUnmistakable = (value: string): boolean =>
  value.length >= UNMISTAKABLE && !/^\d{1,9}$/.test(value)

function isNamed(key: string, type: string): boolean {
  const name = key.toLowerCase().replace(/[^a-z0-9]/g, '')
  return NAMES_PEOPLE.has(name) || name === type.replace(/[^a-z0-9]/g, '')
}
