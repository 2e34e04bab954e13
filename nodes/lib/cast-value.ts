/** Values as another type. A value that cannot be read is undefined: nothing is guessed. */
import type { Json } from '../../engine/contract/json.ts'
import { normaliseDate } from '../../engine/identity/normalise-traits.ts'
import { toText } from './field-path.ts'

export type Cast = 'text' | 'number' | 'date' | 'boolean'
export type DecimalMark = 'auto' | 'point' | 'comma'

const TRUE: ReadonlySet<string> = new Set('true yes y 1 on ja oui si sí 是 真'.split(' '))
const FALSE: ReadonlySet<string> = new Set('false no n 0 off nein non 否 假'.split(' '))

const AS_UTC = { assumeUtc: true }

export function castValue(value: Json, cast: Cast, mark: DecimalMark): Json | undefined {
  switch (cast) {
    case 'text':
      return toText(value)
    case 'number':
      return castNumber(value, mark)
    case 'boolean':
      return castBoolean(value)
    case 'date': {
      const result = normaliseDate(value, AS_UTC)
      return 'value' in result ? result.value : undefined
    }
  }
}

function castBoolean(value: Json): boolean | undefined {
  if (typeof value === 'boolean') return value
  const text = toText(value).trim().toLowerCase()
  if (TRUE.has(text)) return true
  return FALSE.has(text) ? false : undefined
}

const PLAIN = /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/

/** `1,234` could be either in `auto`, so it is refused there; `12,50` and `1.234,50` could not. */
export function castNumber(value: Json, mark: DecimalMark): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value !== 'string') return undefined
  const text = value.replace(/[\s'’]/gu, '')
  if (mark !== 'comma' && PLAIN.test(text)) return Number(text)
  if (mark === 'auto' && /^[+-]?[1-9]\d{0,2},\d{3}$/.test(text)) return undefined
  const decimal = mark === 'auto' ? lastMark(text) : mark === 'comma' ? ',' : '.'
  const grouping = decimal === ',' ? '.' : ','
  const [whole = '', fraction, ...more] = text.split(decimal)
  if (more.length > 0 || fraction?.includes(grouping) || !isGrouped(whole, grouping))
    return undefined
  const plain = whole.replaceAll(grouping, '') + (fraction === undefined ? '' : `.${fraction}`)
  return PLAIN.test(plain) ? Number(plain) : undefined
}

/** The mark that stands last is the decimal one, unless it stands there more than once. */
function lastMark(text: string): ',' | '.' {
  const last = text.lastIndexOf(',') > text.lastIndexOf('.') ? ',' : '.'
  return text.indexOf(last) === text.lastIndexOf(last) ? last : last === ',' ? '.' : ','
}

function isGrouped(whole: string, grouping: string): boolean {
  const [first = '', ...groups] = whole.split(grouping)
  return (
    groups.every((group) => /^\d{3}$/.test(group)) &&
    (groups.length === 0 || /^[+-]?\d{1,3}$/.test(first))
  )
}
