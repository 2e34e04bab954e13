/** Masks what points at people. Fails closed: a value is shown only when its name or kind says that it
 *  tells nothing about who somebody is. */
import type { FileView } from '../contract/api/files.ts'
import type { Follow, Preview } from '../contract/api/dry-runs.ts'
import type { ProfileView } from '../contract/api/profiles.ts'
import type { DeadLetterView } from '../contract/api/runs.ts'
import type { Json } from '../contract/json.ts'
import type { FieldSpec } from '../contract/shape.ts'
import type { ProfileSummary } from './parts.ts'

const DOTS = '•••'
const EMAIL = /^[^@\s]+@[^@\s]+$/
const PHONE = /^\+?[\d\s().-]{6,}$/
const DATE = /^\d{4}-\d{2}-\d{2}([T ].*)?$/

/** Names whose texts are choices out of a few, the same for many people. */
const SHARED = new Set(
  (
    'country region language locale currency status state type kind category categories channel ' +
    'source plan tier loyalty_tier segment brand store store_id product products product_id sku ' +
    'order_status payment_method consent purpose unit timezone device_type platform os browser event'
  ).split(' '),
)
/** Parts of names whose numbers and dates do point at a person. */
const POINTS_AT_PERSON =
  /birth|dob|phone|mobile|fax|post_?code|zip|ssn|social|passport|tax|iban|card|account|salary|income|latitude|longitude|(^|_)(lat|lon|lng|geo)(_|$)|email|address|_id$|^id$|number$/

const firstLetter = (text: string): string => `${[...text][0] ?? ''}${DOTS}`

/** `anna@example.com` → `a•••@e•••.com`. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@')
  const host = email.slice(at + 1)
  const end = host.includes('.') ? host.slice(host.lastIndexOf('.')) : ''
  return `${firstLetter(email.slice(0, at))}@${firstLetter(host)}${end}`
}

/** `+44 20 7946 0958` → `+4•••58`. */
const maskPhone = (phone: string): string => {
  const digits = phone.replace(/[^\d+]/g, '')
  return `${digits.slice(0, 2)}${DOTS}${digits.slice(-2)}`
}

/** Any text, by what it looks like: address, number, or words by their first letters. */
export function maskText(text: string): string {
  if (text === '') return text
  if (EMAIL.test(text)) return maskEmail(text)
  if (PHONE.test(text)) return maskPhone(text)
  return text
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, 6)
    .map(firstLetter)
    .join(' ')
}

/** One named value. `personal` is what the flow knows of the field, when it does. */
export function maskValue(name: string, value: Json, personal = false): Json {
  if (value === null || typeof value === 'boolean') return value
  const key = name
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[\s-]+/g, '_')
  const points = personal || (POINTS_AT_PERSON.test(key) && !SHARED.has(key))
  if (typeof value === 'number') return points ? DOTS : value
  if (typeof value === 'string') return maskString(key, value, points)
  if (Array.isArray(value)) return value.map((item) => maskValue(name, item, points))
  return Object.fromEntries(
    Object.entries(value).map(([child, inner]) => [child, maskValue(child, inner, points)]),
  )
}

function maskString(key: string, value: string, points: boolean): string {
  if (points || EMAIL.test(value)) return DATE.test(value) ? DOTS : maskText(value)
  if (DATE.test(value) && Number.isFinite(Date.parse(value))) return value
  if (/^-?\d{1,5}([.,]\d+)?$/.test(value)) return value
  return SHARED.has(key) ? value : maskText(value)
}

export function maskFields(
  fields: Readonly<Record<string, Json>>,
  specs: readonly FieldSpec[] = [],
): Record<string, Json> {
  const byName = new Map(specs.map((spec) => [spec.name, spec]))
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      maskValue(name, value, byName.get(name)?.personal),
    ]),
  )
}

const maskIdentifiers = (identifiers: ProfileSummary['identifiers']) =>
  identifiers.map(({ type, value }) => ({ type, value: maskText(value) }))

export const maskSummary = (summary: ProfileSummary): ProfileSummary => ({
  ...summary,
  label: maskText(summary.label),
  identifiers: maskIdentifiers(summary.identifiers),
})

export const maskProfile = (profile: ProfileView): ProfileView => ({
  ...profile,
  ...maskSummary(profile),
  masked: true,
  traits: Object.fromEntries(
    Object.entries(profile.traits).map(([name, trait]) => [
      name,
      { ...trait, value: maskValue(name, trait.value) },
    ]),
  ),
  events: profile.events.map((event) => ({ ...event, properties: maskFields(event.properties) })),
})

export const maskLetter = (letter: DeadLetterView): DeadLetterView => ({
  ...letter,
  fields: maskFields(letter.fields),
})

const maskSample = ({ name, personal }: FieldSpec, sample: string): string => {
  const masked = maskValue(name, sample, personal)
  return typeof masked === 'string' ? masked : DOTS
}

/** Example values of the columns of an upload. */
export const maskFile = (file: FileView): FileView => ({
  ...file,
  detected: {
    ...file.detected,
    columns: file.detected.columns.map((column) => ({
      ...column,
      samples: column.samples.map((sample) => maskSample(column, sample)),
    })),
  },
})

/** By node and port, as `analyse` tells it. */
type Shapes = Readonly<Record<string, Readonly<Record<string, { fields: FieldSpec[] }>>>>

const specsOf = (shapes: Shapes, nodeId: string): FieldSpec[] =>
  Object.values(shapes[nodeId] ?? {}).flatMap(({ fields }) => fields)

export function maskPreview(
  preview: Preview,
  { shapes, arrives }: { shapes: Shapes; arrives: Shapes },
): Preview {
  const each = <In, Out>(record: Record<string, In>, change: (value: In, key: string) => Out) =>
    Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]))
  const maskRows = (rows: Preview['rows'][string], specs: readonly FieldSpec[]) =>
    rows.map((row) => maskFields(row, specs))
  return {
    ...preview,
    rows: each(preview.rows, (rows, node) => maskRows(rows, specsOf(shapes, node))),
    fates: each(preview.fates, ({ out, dropped, failed }, node) => {
      const [left, came] = [specsOf(shapes, node), specsOf(arrives, node)]
      return {
        out: each(out, (rows) => maskRows(rows, left.length > 0 ? left : came)),
        dropped: each(dropped, (rows) => maskRows(rows, came)),
        failed: each(failed, (rows) => maskRows(rows, came)),
      }
    }),
    payloads: each(preview.payloads, (list, node) =>
      list.map((payload) => maskPayload(payload, specsOf(arrives, node))),
    ),
  }
}

export const maskFollow = (
  follow: Follow,
  { shapes, arrives }: { shapes: Shapes; arrives: Shapes },
): Follow => ({
  ...follow,
  steps: follow.steps.map((step) => {
    const specs = [...specsOf(arrives, step.node), ...specsOf(shapes, step.node)]
    return {
      ...step,
      rows: step.rows.map((row) => maskFields(row, specs)),
      payloads: step.payloads.map((payload) => maskPayload(payload, specs)),
    }
  }),
})

/** JSON keeps its form; of other text each word keeps its first letter. */
function maskPayload(payload: string, specs: readonly FieldSpec[]): string {
  try {
    const parsed = JSON.parse(payload) as Json
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
      return JSON.stringify(maskNested(parsed, new Map(specs.map((spec) => [spec.name, spec]))))
  } catch {
    // Not JSON: a line of a file.
  }
  return payload.replace(/[\p{L}\p{N}]+/gu, (word) => firstLetter(word))
}

/** A payload wraps its fields in an envelope of the destination's own. */
function maskNested(value: Json, specs: ReadonlyMap<string, FieldSpec>, name = ''): Json {
  if (Array.isArray(value)) return value.map((item) => maskNested(item, specs, name))
  if (typeof value !== 'object' || value === null)
    return maskValue(name, value, specs.get(name)?.personal)
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [key, maskNested(child, specs, key)]),
  )
}
