/** A wrong setting in words: which one it is, as the form calls it, what is wrong, and what to do. */
import type { CatalogEntry } from '../contract/catalog.ts'
import type { Json } from '../contract/json.ts'

export interface WrongSetting {
  /** As in `rows.0.to`. */
  path: string
  /** As zod or the node type says it. */
  message: string
}

export function sayWrongSetting(
  { path, message }: WrongSetting,
  form: CatalogEntry['form'],
): { what: string; fix: string } {
  const name = settingTitle(path, form)
  const where = name === '' ? 'the settings' : `"${name}"`
  if (/received undefined$/.test(message))
    return { what: `${where} is not set.`, fix: `Open the step and set ${where}.` }
  return {
    what: `${where}: ${sentence(plain(message))}`,
    fix: `Open the step and correct ${where}.`,
  }
}

/** Zod's own messages name types; ours are sentences already. */
const plain = (message: string): string =>
  message
    .replace(/^Invalid input: expected (\w+), received (\w+)$/, 'It must be a $1, but is a $2')
    .replace(/^Invalid option: expected one of /, 'It must be one of ')
    .replace(/^Unrecognized keys?: /, 'There is no setting ')

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`)

type Schema = Record<string, Json>

const isSchema = (value: Json | undefined): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** `rows.1.to` → `Fields › 2 › To`. */
export function settingTitle(path: string, form: Json): string {
  if (path === '') return ''
  let schemas: Schema[] = isSchema(form) ? [form] : []
  const titles = path.split('.').map((part) => {
    schemas = schemas.flatMap((schema) => inner(schema, part))
    if (/^\d+$/.test(part)) return String(Number(part) + 1)
    const title = schemas.map((schema) => schema['title']).find((text) => typeof text === 'string')
    return typeof title === 'string' ? title : part
  })
  return titles.join(' › ')
}

/** What a schema says about a part of its value; of several variants, all that know the part. */
function inner(schema: Schema, part: string): Schema[] {
  const { properties, items } = schema
  const variants = ['oneOf', 'anyOf', 'allOf'].flatMap((key) => {
    const list = schema[key]
    return Array.isArray(list) ? list.filter(isSchema) : []
  })
  const own = isSchema(properties) && isSchema(properties[part]) ? [properties[part]] : []
  const row = /^\d+$/.test(part) && isSchema(items) ? [items] : []
  return [...own, ...row, ...variants.flatMap((variant) => inner(variant, part))]
}
