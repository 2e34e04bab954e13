/** Rows of a mapping: where each takes its value, and suggestions from the fields there are. Pure. */
import type { Json } from '../../../engine/contract/json.ts'
import type { FieldSpec } from '../../../engine/contract/shape.ts'
import { getAt } from '../../document/settings-path.ts'

export type RowSource = 'from' | 'constant' | 'template'

export function sourceOf(row: Json): RowSource {
  const filled = (key: RowSource) => (getAt(row, [key]) ?? '') !== ''
  if (filled('template')) return 'template'
  return filled('constant') ? 'constant' : 'from'
}

/** The row taking its value from elsewhere; a blank stands in until something is typed. */
export function withSource(row: Json, source: RowSource): Json {
  const { from: _, constant: __, template: ___, ...rest } = row as Record<string, Json>
  return source === 'from' ? { ...rest, from: '' } : { ...rest, [source]: ' ' }
}

/** "First Name" → "first_name". */
export const snakeCase = (name: string): string =>
  name
    .trim()
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '')

/** The field a new name most likely means: of the same name, or of that meaning. */
export function fieldFor(fields: readonly FieldSpec[], to: string): FieldSpec | undefined {
  const wanted = snakeCase(to)
  if (wanted === '') return undefined
  return (
    fields.find(({ name }) => snakeCase(name) === wanted) ??
    fields.find(({ meaning }) => meaning === wanted) ??
    fields.find(({ name }) => wanted.length > 3 && snakeCase(name).includes(wanted))
  )
}

/** A row for each field that no row takes yet, named for its meaning where it has one. */
export function suggestRows(fields: readonly FieldSpec[], rows: readonly Json[]): Json[] {
  const taken = new Set(rows.map((row) => getAt(row, ['from'])))
  const names = new Set(rows.map((row) => getAt(row, ['to'])))
  return fields.flatMap((field) => {
    if (taken.has(field.name)) return []
    const meant = field.meaning ?? snakeCase(field.name)
    const to = names.has(meant) ? snakeCase(field.name) : meant
    if (names.has(to)) return []
    names.add(to)
    return [{ to, from: field.name }]
  })
}
