/** Writes what people allowed or refused into the consent ledger, and passes the records on. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { fail, out, type Item } from '../../engine/contract/item.ts'
import { defineNode, type NodeContext } from '../../engine/contract/node.ts'
import type { ConsentWrite } from '../../engine/contract/services.ts'
import { toInstant } from '../lib/condition.ts'
import { isSet, readPath, toText } from '../lib/field-path.ts'

const words = (title: string, fallback: string) =>
  z
    .string()
    .default(fallback)
    .meta({ title, description: 'Several are set apart by commas.', advanced: true })

const config = z.strictObject({
  purposeField: z.string().default('').meta({
    title: 'Field with the purpose',
    description: 'Empty: the fixed purpose below.',
    widget: 'field',
  }),
  purpose: z.string().default('email_marketing').meta({ title: 'Fixed purpose' }),
  stateField: z
    .string()
    .min(1, 'Choose a field.')
    .meta({ title: 'Field with the choice', widget: 'field' }),
  granted: words('Values that mean yes', 'granted,yes,true,1,opt-in'),
  denied: words('Values that mean no', 'denied,no,false,0'),
  withdrawn: words('Values that mean withdrawn', 'withdrawn,unsubscribed,opt-out'),
  timeField: z.string().default('').meta({
    title: 'Time field',
    description: 'When the choice was made. Empty: the start of the run.',
    widget: 'field',
  }),
  noticeField: z
    .string()
    .default('')
    .meta({ title: 'Field with the notice version', widget: 'field', advanced: true }),
})
type Config = z.output<typeof config>

export const recordConsent = defineNode({
  type: 'record_consent',
  version: 1,
  role: 'consent',
  title: 'Record consent',
  summary: 'Keeps what people allowed or refused in their consent history.',
  config,
  inPorts: [{ name: 'in', title: 'In', accepts: ['people'] }],
  effects: 'writes',
  uses: ['profiles'],
  fails: {
    unknown_choice: 'The choice is none of the values listed, so nothing was recorded.',
    no_person: 'The record belongs to no known person.',
    bad_time: 'The time of the choice cannot be read.',
  },
  fieldsUsed: ({ purposeField, timeField, noticeField, stateField }) => [
    ['purposeField', purposeField],
    ['stateField', stateField],
    ['timeField', timeField],
    ['noticeField', noticeField],
  ],
  async run(page, settings, ctx) {
    const read = page.map((item) => readChoice(item, settings, ctx))
    const writes = read.filter((entry): entry is ConsentWrite => typeof entry === 'object')
    await ctx.service('profiles').appendConsents(writes)
    // A record without any choice, as an order in a merged branch, simply goes on.
    return page.map((item, i) => {
      const entry = read[i]
      return typeof entry === 'string' ? fail(entry) : out(item)
    })
  },
  examples: [],
  words: {
    'zh-CN': {
      title: '记录同意',
      summary: '把允许或拒绝写入同意历史。',
      fields: {
        purposeField: { title: '用途字段', description: '留空则用下面的固定用途。' },
        purpose: { title: '固定用途' },
        stateField: { title: '选择字段' },
        granted: { title: '表示同意的值', description: '多个值用逗号分隔。' },
        denied: { title: '表示拒绝的值', description: '多个值用逗号分隔。' },
        withdrawn: { title: '表示撤回的值', description: '多个值用逗号分隔。' },
        timeField: { title: '时间字段', description: '作出选择的时间。留空为运行开始时间。' },
        noticeField: { title: '告知版本字段' },
      },
      ports: { in: '输入', out: '输出' },
      reasons: {
        unknown_choice: '该选择不在列出的值中，未作记录。',
        no_person: '记录不属于任何已知的人。',
        bad_time: '选择时间无法读取。',
      },
    },
  },
})

/** Undefined: the record says nothing about consent. Text: the code of what is wrong. */
function readChoice(
  item: Item,
  settings: Config,
  ctx: NodeContext,
): ConsentWrite | string | undefined {
  const raw = readPath(item.fields, settings.stateField)
  if (!isSet(raw)) return undefined
  if (item.profileId === undefined) return 'no_person'
  const state = stateOf(toText(raw).trim().toLowerCase(), settings)
  if (!state) return 'unknown_choice'
  const time = settings.timeField === '' ? ctx.now : readPath(item.fields, settings.timeField)
  const at = toInstant(time)
  if (at === undefined) return 'bad_time'
  const purpose = toText(readPath(item.fields, settings.purposeField)) || settings.purpose
  const notice = toText(readPath(item.fields, settings.noticeField))
  const iso = new Date(at).toISOString()
  const evidence = [item.profileId, purpose, state, iso, item.source].join('\0')
  return {
    key: createHash('sha256').update(evidence).digest('hex').slice(0, 32),
    profileId: item.profileId,
    purpose,
    state,
    kind: 'explicit',
    at: iso,
    source: item.source,
    ...(notice === '' ? {} : { noticeVersion: notice }),
  }
}

function stateOf(value: string, { granted, denied, withdrawn }: Config) {
  const lists = { granted, denied, withdrawn }
  const states = ['granted', 'denied', 'withdrawn'] as const
  return states.find((state) =>
    lists[state].split(',').some((word) => word.trim().toLowerCase() === value),
  )
}
