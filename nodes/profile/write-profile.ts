/** Writes traits, identifiers and events into profiles: each person once for a page. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Json } from '../../engine/contract/json.ts'
import { out, type Item } from '../../engine/contract/item.ts'
import { defineNode, type NodeContext } from '../../engine/contract/node.ts'
import type { EventWrite, ProfileWrite, TraitWrite } from '../../engine/contract/services.ts'
import { toInstant } from '../lib/condition.ts'
import { isSet, isWritable, readPath, toText } from '../lib/field-path.ts'

const ruleSchema = z.enum(['latest', 'source_priority', 'most_frequent', 'longest'])

const config = z.strictObject({
  traits: z
    .array(
      z.strictObject({
        field: z.string().min(1, 'Choose a field.').meta({ title: 'Field', widget: 'field' }),
        trait: z
          .string()
          .regex(/^[A-Za-z][A-Za-z0-9_]*$/, 'Use letters, digits and underscores.')
          .refine(isWritable, 'This name is reserved.')
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
          .array(z.string())
          .default([])
          .meta({
            title: 'Sources, best first',
            showIf: { rule: 'source_priority' },
          }),
      }),
    )
    .max(500)
    .default([])
    .meta({ title: 'Traits' }),
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
    .meta({ title: 'Field with the event name', widget: 'field', showIf: { events: true } }),
  messageIdField: z
    .string()
    .default('')
    .meta({
      title: 'Field with a unique id',
      description:
        'A second record with the same id is not kept again. Empty: the place in its file.',
      widget: 'field',
      showIf: { events: true },
    }),
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
  fieldsUsed: ({ traits, timeField, eventField, messageIdField }) => [
    ...traits.map(({ field }, i) => [`traits.${i}.field`, field] as const),
    ['timeField', timeField],
    ['eventField', eventField],
    ['messageIdField', messageIdField],
  ],
  async run(page, settings, ctx) {
    const people = new Map<string, ProfileWrite>()
    const events: EventWrite[] = []
    for (const item of page) {
      const at = toInstant(readPath(item.fields, settings.timeField))
      const time = at === undefined ? ctx.now : new Date(at).toISOString()
      collect(people, item, settings, time)
      const event = settings.events ? toEvent(item, settings, time, ctx) : undefined
      if (event) events.push(event)
    }
    const profiles = ctx.service('profiles')
    await Promise.all([profiles.write([...people.values()]), profiles.appendEvents(events)])
    return page.map((item) => out(item))
  },
  examples: [],
  words: {
    'zh-CN': {
      title: '写入档案',
      summary: '保存每个人的信息及其来源。',
      fields: {
        traits: { title: '特征' },
        'traits.field': { title: '字段' },
        'traits.trait': { title: '特征' },
        'traits.rule': { title: '值不一致时保留' },
        'traits.priority': { title: '来源，最佳在前' },
        timeField: { title: '时间字段', description: '值成立的时间。留空为运行开始时间。' },
        events: { title: '把记录保存为事件', description: '带有事件名称的记录会出现在时间线上。' },
        eventField: { title: '事件名称字段' },
        messageIdField: {
          title: '唯一编号字段',
          description: '编号相同的记录不会重复保存。留空则用文件中的位置。',
        },
      },
      choices: {
        'traits.rule=latest': '最新的',
        'traits.rule=source_priority': '最佳来源的',
        'traits.rule=most_frequent': '最常见的',
        'traits.rule=longest': '最长的',
      },
      ports: { in: '人', out: '输出' },
    },
  },
})

function collect(
  people: Map<string, ProfileWrite>,
  item: Item,
  settings: Config,
  at: string,
): void {
  const { profileId, source, identifiers = [] } = item
  if (profileId === undefined) return
  let person = people.get(profileId)
  if (!person) {
    person = { profileId, isNew: item.isNew === true, identifiers: [], traits: [] }
    people.set(profileId, person)
  }
  for (const identifier of identifiers)
    if (
      !person.identifiers.some(
        ({ type, value }) => type === identifier.type && value === identifier.value,
      )
    )
      person.identifiers.push(identifier)
  for (const { field, trait, rule, priority } of settings.traits) {
    const value: Json | undefined = readPath(item.fields, field)
    if (!isSet(value)) continue
    const write: TraitWrite = { trait, value, at, source, rule }
    person.traits.push(rule === 'source_priority' ? { ...write, priority } : write)
  }
}

function toEvent(
  item: Item,
  settings: Config,
  time: string,
  ctx: NodeContext,
): EventWrite | undefined {
  const name =
    settings.eventField === '' ? 'Record' : toText(readPath(item.fields, settings.eventField))
  if (item.profileId === undefined || name === '') return undefined
  const given = toText(readPath(item.fields, settings.messageIdField))
  const unique = given === '' ? `${ctx.flowId}\0${item.id}` : given
  return {
    messageId: createHash('sha256').update(unique).digest('base64url').slice(0, 24),
    profileId: item.profileId,
    type: 'track',
    name,
    time,
    source: item.source,
    properties: item.fields,
  }
}
