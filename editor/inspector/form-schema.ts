/** Reads the JSON Schema of a step's settings, as node types declare it. Pure. */
import type { Json } from '../../engine/contract/json.ts'
import { getAt } from '../document/settings-path.ts'
import { cellText } from '../ui/cell-text.ts'

export interface FormSchema {
  type?: string
  title?: string
  description?: string
  default?: Json
  const?: Json
  enum?: Json[]
  properties?: Record<string, FormSchema>
  required?: string[]
  items?: FormSchema
  oneOf?: FormSchema[]
  anyOf?: FormSchema[]
  $ref?: string
  $defs?: Record<string, FormSchema>
  minimum?: number
  maximum?: number
  minItems?: number
  maxItems?: number
  maxLength?: number
  format?: string
  widget?: string
  showIf?: Record<string, Json>
  labels?: Record<string, string>
  advanced?: boolean
  placeholder?: string
}

export const asSchema = (form: Json): FormSchema => form as FormSchema

/** Follows a `$ref` to the definitions of the whole form. */
export function resolveSchema(schema: FormSchema, root: FormSchema): FormSchema {
  const name = schema.$ref?.split('/').at(-1)
  const found = name === undefined ? undefined : root.$defs?.[name]
  return found ? { ...found, ...schema } : schema
}

/** The key by whose constant value the variants of a union are told apart. */
export function unionKey(variants: readonly FormSchema[]): string | undefined {
  const keys = Object.keys(variants[0]?.properties ?? {})
  return keys.find((key) =>
    variants.every((variant) => variant.properties?.[key]?.const !== undefined),
  )
}

export const variantName = (variant: FormSchema, key: string): string =>
  cellText(variant.properties?.[key]?.const)

/** The variant a value is of; the first one when it is none. */
export function variantOf(
  variants: readonly FormSchema[],
  key: string,
  value: Json | undefined,
): FormSchema | undefined {
  const name = getAt(value, [key])
  return variants.find((variant) => variant.properties?.[key]?.const === name) ?? variants[0]
}

/** What a new value of this schema starts as; undefined leaves the setting out. */
export function startValue(
  form: Json,
  rootForm: Json,
  newKey: () => string = randomKey,
): Json | undefined {
  return start(asSchema(form), asSchema(rootForm), newKey)
}

const randomKey = (): string => crypto.randomUUID().slice(0, 8)

function start(given: FormSchema, root: FormSchema, newKey: () => string): Json | undefined {
  const schema = resolveSchema(given, root)
  if (schema.default !== undefined) return schema.default
  if (schema.const !== undefined) return schema.const
  if (schema.widget === 'condition') return { kind: 'group', match: 'all', rules: [] }
  // A hidden key tells rows apart; nobody fills it in.
  if (schema.widget === 'hidden' && schema.type === 'string') return newKey()
  if (schema.enum) return schema.enum[0]
  const first = (schema.oneOf ?? schema.anyOf)?.[0]
  if (first && schema.oneOf) return start(first, root, newKey)
  if (schema.widget === 'file') return undefined
  if (schema.type === 'array') return []
  if (schema.type !== 'object') return undefined
  return Object.fromEntries(
    Object.entries(schema.properties ?? {}).flatMap(([key, child]) => {
      const value = start(child, root, newKey)
      return value === undefined ? [] : [[key, value]]
    }),
  )
}

/** Whether a setting is asked for, given its neighbours; defaults stand in for what is not set. */
export function isShown(
  schema: FormSchema,
  siblings: Json | undefined,
  parent: FormSchema,
): boolean {
  if (schema.widget === 'hidden') return false
  return Object.entries(schema.showIf ?? {}).every(([key, wanted]) => {
    const value = getAt(siblings, [key]) ?? parent.properties?.[key]?.default
    return Array.isArray(wanted) ? wanted.includes(value ?? null) : value === wanted
  })
}

/** `lastPurchase` → "Last purchase", for settings without a title. */
export function humanise(key: string): string {
  const words = key
    .replace(/[_-]+/g, ' ')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

export const isMissing = (value: Json | undefined): boolean =>
  value === undefined ||
  value === null ||
  value === '' ||
  (Array.isArray(value) && value.length === 0)
