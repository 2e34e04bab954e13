/** Writes traits, identifiers and events into profiles: each person once for a page. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { asJsonObject } from '../../engine/contract/event.ts'
import type { Fields, Json } from '../../engine/contract/json.ts'
import { fail, out, type Item } from '../../engine/contract/item.ts'
import { defineNode, type FieldUse, type NodeContext } from '../../engine/contract/node.ts'
import type { EventWrite, ProfileWrite, TraitWrite } from '../../engine/contract/services.ts'
import { toInstant } from '../lib/condition.ts'
import { isSet, isWritable, readPath, toText } from '../lib/field-path.ts'
import { writeProfileWords } from '../words/write-profile.ts'

const ruleSchema = z.enum(['latest', 'source_priority', 'most_frequent', 'longest'])

const traitSchema = z
  .strictObject({
    field: z.string().min(1, 'Choose a field.').meta({ title: 'Field', widget: 'field' }),
    trait: z
      .string()
      .max(120)
      .regex(/^[\p{L}_][\p{L}\p{N}_]*$/u, 'Use letters, digits and underscores.')
      .refine(isWritable, 'This name is reserved; choose another one.')
      .meta({ title: 'Trait', placeholder: 'firstName' }),
    rule: ruleSchema.default('latest').meta({
      title: 'When values differ, keep',
      labels: {
        latest: 'the latest',
        source_priority: 'the one of the best source',
        most_frequent: 'the most frequent',
        longest: 'the longest',
      },
    }),
    priority: z
      .array(z.string().min(1))
      .max(50)
      .default([])
      .meta({ title: 'Sources, best first', showIf: { rule: 'source_priority' } }),
  })
  .superRefine(({ rule, priority, trait }, context) => {
    if (rule === 'source_priority' && priority.length === 0)
      context.addIssue({
        code: 'custom',
        path: ['priority'],
        message: `Name the sources of "${trait}", the best one first.`,
      })
  })

const config = z
  .strictObject({
    take: z
      .enum(['rows', 'all', 'object'])
      .default('rows')
      .meta({
        title: 'Keep as traits',
        description: 'The rows below give names and rules in either case.',
        labels: {
          rows: 'only the fields below',
          all: 'all fields',
          object: 'everything within one field',
        },
      }),
    traitsField: z
      .string()
      .default('')
      .meta({
        title: 'Field that holds the traits',
        description: 'Such as traits, in which live events bring them.',
        widget: 'field',
        showIf: { take: 'object' },
      }),
    traits: z
      .array(traitSchema)
      .max(500)
      .default([])
      .meta({
        title: 'Traits',
        suggestByMeaning: {
          email: { trait: 'email' },
          phone: { trait: 'phone' },
          first_name: { trait: 'firstName' },
          last_name: { trait: 'lastName' },
          full_name: { trait: 'name' },
          birth_date: { trait: 'birthday' },
          street: { trait: 'street' },
          city: { trait: 'city' },
          postcode: { trait: 'postalCode' },
          country: { trait: 'country' },
        },
      }),
    timeField: z.string().default('').meta({
      title: 'Time field',
      description: 'When the values were true. Empty: the start of the run.',
      widget: 'field',
    }),
    events: z.boolean().default(false).meta({
      title: 'Keep the records as events',
      description: 'Records with an event name appear on the timeline of the person.',
    }),
    eventField: z
      .string()
      .default('')
      .meta({
        title: 'Field with the event name',
        description: 'Records without a name there are not kept as events.',
        widget: 'field',
        showIf: { events: true },
      }),
    eventName: z
      .string()
      .trim()
      .max(200)
      .default('Record')
      .meta({
        title: 'Event name',
        description: 'Used when no field is chosen.',
        placeholder: 'Order Completed',
        showIf: { events: true, eventField: '' },
      }),
    typeField: z
      .string()
      .default('')
      .meta({
        title: 'Field with the kind of event',
        description: 'Empty: all are things people did.',
        widget: 'field',
        showIf: { events: true },
        advanced: true,
      }),
    propertiesField: z
      .string()
      .default('')
      .meta({
        title: 'Field that holds the properties',
        description: 'Empty: the fields chosen below.',
        widget: 'field',
        showIf: { events: true },
        advanced: true,
      }),
    messageIdField: z
      .string()
      .default('')
      .meta({
        title: 'Field with a unique id',
        description:
          'A second record of the same source with the same id and name is not kept again. Empty: the place in its file.',
        widget: 'field',
        showIf: { events: true },
      }),
    eventFields: z
      .array(z.string().min(1))
      .max(500)
      .default([])
      .meta({
        title: 'Properties of the event',
        description: 'Empty: all fields.',
        widget: 'fields',
        showIf: { events: true },
        advanced: true,
      }),
  })
  .superRefine(({ events, eventField, eventName, take, traitsField }, context) => {
    if (events && eventField === '' && eventName === '')
      context.addIssue({
        code: 'custom',
        path: ['eventName'],
        message: 'Choose the field with the event name, or name the event.',
      })
    if (take === 'object' && traitsField === '')
      context.addIssue({
        code: 'custom',
        path: ['traitsField'],
        message: 'Choose the field that holds the traits.',
      })
  })
type Config = z.output<typeof config>

export const writeProfile = defineNode({
  type: 'write_profile',
  version: 1,
  role: 'profile',
  title: 'Write profile',
  summary: 'Keeps what is known about each person, with where it came from.',
  config,
  inPorts: [{ name: 'in', title: 'People', accepts: ['people'] }],
  effects: 'writes',
  uses: ['profiles'],
  fails: { no_person: 'The record belongs to no known person.' },
  fieldsUsed: (settings) => [
    ...settings.traits.map(({ field }, i) => [`traits.${i}.field`, field] as const),
    ...(settings.take === 'object' ? [['traitsField', settings.traitsField] as const] : []),
    ['timeField', settings.timeField],
    ...(settings.events ? eventFieldsUsed(settings) : []),
  ],
  async run(page, settings, ctx) {
    const people = new Map<string, PersonDraft>()
    const events: EventWrite[] = []
    for (const item of page) {
      if (item.profileId === undefined) continue
      const time = timeOf(item, settings, ctx)
      const person = people.get(item.profileId) ?? startPerson(people, item.profileId)
      addIdentifiers(person, item)
      addTraits(person, item, settings, time)
      const event = settings.events && toEvent(item, item.profileId, { settings, time, ctx })
      if (event) events.push(event)
    }
    const profiles = ctx.service('profiles')
    if (people.size > 0) await profiles.write(Array.from(people.values(), toWrite))
    if (events.length > 0) await profiles.appendEvents(events)
    return page.map((item) => (item.profileId === undefined ? fail('no_person') : out(item)))
  },
  examples: [
    {
      name: 'parks a record of nobody',
      config: { traits: [{ field: 'city', trait: 'city' }] },
      input: [{ fields: { city: 'London' } }],
      expect: [{ fail: 'no_person' }],
    },
    {
      name: 'passes people on as they came',
      config: { traits: [{ field: 'city', trait: 'city' }], events: true },
      input: [{ fields: { city: 'London' }, profileId: 'p1' }],
      expect: [{ out: { city: 'London' } }],
    },
  ],
  words: { 'zh-CN': writeProfileWords },
})

const eventFieldsUsed = (settings: Config): FieldUse[] => [
  ['eventField', settings.eventField],
  ['typeField', settings.typeField],
  ['propertiesField', settings.propertiesField],
  ['messageIdField', settings.messageIdField],
  ...settings.eventFields.map((field, i) => [`eventFields.${i}`, field] as const),
]

/** What a page knows about one person, before it is written. */
interface PersonDraft {
  write: ProfileWrite
  identifiers: Set<string>
  /** By trait, the latest write: values that are surely older need not reach the store. */
  latest: Map<string, TraitWrite>
  others: TraitWrite[]
}

function startPerson(people: Map<string, PersonDraft>, profileId: string): PersonDraft {
  const write = { profileId, isNew: false, identifiers: [], traits: [] }
  const person = { write, identifiers: new Set<string>(), latest: new Map(), others: [] }
  people.set(profileId, person)
  return person
}

const toWrite = ({ write, latest, others }: PersonDraft): ProfileWrite => ({
  ...write,
  traits: [...latest.values(), ...others],
})

function timeOf(item: Item, { timeField }: Config, ctx: NodeContext): string {
  if (timeField === '') return ctx.now
  const at = toInstant(readPath(item.fields, timeField))
  return at === undefined ? ctx.now : new Date(at).toISOString()
}

function addIdentifiers({ write, identifiers }: PersonDraft, item: Item): void {
  if (item.isNew) write.isNew = true
  for (const identifier of item.identifiers ?? []) {
    const key = `${identifier.type}:${identifier.value}`
    if (identifiers.has(key)) continue
    identifiers.add(key)
    write.identifiers.push(identifier)
  }
}

function addTraits(person: PersonDraft, item: Item, settings: Config, at: string): void {
  const { source, fields } = item
  for (const { field, trait, rule, priority } of settings.traits) {
    const value = readPath(fields, field)
    if (!isSet(value)) continue
    const write: TraitWrite = { trait, value, at, source, rule }
    if (rule === 'latest') keepLatest(person, write)
    else person.others.push(rule === 'source_priority' ? { ...write, priority } : write)
  }
  if (settings.take === 'all') addOtherFields(person, item, settings, at)
  if (settings.take === 'object') {
    const within = asJsonObject(readPath(fields, settings.traitsField))
    if (within) addOtherFields(person, { ...item, fields: within }, settings, at)
  }
}

/** Of equally late values all go to the store, whose rules settle the tie. */
function keepLatest({ latest, others }: PersonDraft, write: TraitWrite): void {
  const known = latest.get(write.trait)
  if (!known || known.at < write.at) latest.set(write.trait, write)
  else if (known.at === write.at && !isSame(known, write)) others.push(write)
}

const isSame = (a: TraitWrite, b: TraitWrite): boolean =>
  a.source === b.source && a.value === b.value

function addOtherFields(person: PersonDraft, item: Item, settings: Config, at: string): void {
  for (const field of Object.keys(item.fields)) {
    const value = item.fields[field]
    if (!isSet(value) || isListed(settings, field)) continue
    const trait = traitName(field)
    if (isWritable(trait))
      keepLatest(person, { trait, value, at, source: item.source, rule: 'latest' })
  }
}

const isListed = ({ traits, timeField, eventField, messageIdField }: Config, field: string) =>
  field === timeField ||
  field === eventField ||
  field === messageIdField ||
  traits.some((row) => row.field === field || row.trait === traitName(field))

/** A field's name as a trait's: dots and blanks would be read as paths by what queries traits. */
const traitName = (field: string): string =>
  field.replace(/[^\p{L}\p{N}_]/gu, '_').replace(/^(?=\p{N})/u, '_')

interface EventInput {
  settings: Config
  time: string
  ctx: NodeContext
}

function toEvent(
  item: Item,
  profileId: string,
  { settings, time, ctx }: EventInput,
): EventWrite | undefined {
  const { eventField, eventName, messageIdField } = settings
  const name = eventField === '' ? eventName : toText(readPath(item.fields, eventField)).trim()
  if (name === '') return undefined
  const given = messageIdField === '' ? '' : toText(readPath(item.fields, messageIdField))
  // Ids are unique within their source only: two shops both have an order 1001.
  const unique = given === '' ? [ctx.flowId, item.id] : [item.source, name, given]
  return {
    messageId: createHash('sha256').update(unique.join('\0')).digest('base64url').slice(0, 24),
    profileId,
    type: toText(readPath(item.fields, settings.typeField)) || 'track',
    name,
    time,
    source: item.source,
    properties: propertiesOf(item, settings),
  }
}

function propertiesOf({ fields }: Item, { propertiesField, eventFields }: Config): Fields {
  if (propertiesField !== '') return asJsonObject(readPath(fields, propertiesField)) ?? {}
  return eventFields.length === 0 ? fields : pick(fields, eventFields)
}

function pick(fields: Fields, names: readonly string[]): Fields {
  const picked: Fields = {}
  for (const name of names) {
    const value: Json | undefined = readPath(fields, name)
    if (value !== undefined && isWritable(name)) picked[name] = value
  }
  return picked
}
