/** Writes what people allowed or refused into the consent ledger, and passes the records on. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { fail, out, type Item } from '../../engine/contract/item.ts'
import { defineNode, type NodeContext } from '../../engine/contract/node.ts'
import type { ConsentStateName } from '../../engine/contract/profile.ts'
import type { ConsentWrite } from '../../engine/contract/services.ts'
import { toInstant } from '../lib/condition.ts'
import { isSet, readPath, toText } from '../lib/field-path.ts'
import { recordConsentWords } from '../words/record-consent.ts'

const words = (title: string, usual: string) =>
  z
    .string()
    .max(1_000)
    .default(usual)
    .meta({ title, description: 'Several are set apart by commas.', advanced: true })

const config = z
  .strictObject({
    purposeField: z.string().default('').meta({
      title: 'Field with the purpose',
      description: 'Empty: the fixed purpose below.',
      widget: 'field',
    }),
    purpose: z
      .string()
      .default('email_marketing')
      .meta({ title: 'Fixed purpose', showIf: { purposeField: '' } }),
    stateField: z.string().min(1, 'Choose a field.').meta({
      title: 'Field with the choice',
      description: 'Records without a choice simply go on.',
      widget: 'field',
    }),
    granted: words('Values that mean yes', 'granted,yes,true,1,opt-in'),
    denied: words('Values that mean no', 'denied,no,false,0'),
    withdrawn: words('Values that mean withdrawn', 'withdrawn,unsubscribed,opt-out'),
    objected: words('Values that mean an objection', 'objected'),
    timeField: z.string().default('').meta({
      title: 'Time field',
      description: 'When the choice was made. Empty: the start of the run.',
      widget: 'field',
    }),
    noticeField: z.string().default('').meta({
      title: 'Field with the notice version',
      description: 'Which version of the text people were shown.',
      widget: 'field',
      advanced: true,
    }),
    validDays: z.int().min(0).max(36_500).default(0).meta({
      title: 'Days a yes is valid',
      description: '0: until it is withdrawn.',
      advanced: true,
    }),
  })
  .superRefine((settings, context) => {
    const { purposeField, purpose } = settings
    const wrong = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message })
    if (purposeField === '' && purpose.trim() === '')
      wrong('purpose', 'Choose a field with the purpose, or name a fixed one.')
    const seen = new Map<string, string>()
    for (const state of STATES)
      for (const word of wordsOf(settings[state])) {
        if (seen.has(word)) wrong(state, `"${word}" stands in two lists; delete it from one.`)
        seen.set(word, state)
      }
  })
type Config = z.output<typeof config>

const STATES = ['granted', 'denied', 'withdrawn', 'objected'] as const
const DAY_MS = 86_400_000

export const recordConsent = defineNode({
  type: 'record_consent',
  version: 1,
  role: 'consent',
  title: 'Record consent',
  summary: 'Keeps what people allowed or refused in their consent history.',
  config,
  inPorts: [{ name: 'in', title: 'People', accepts: ['people'] }],
  effects: 'writes',
  uses: ['profiles'],
  fails: {
    unknown_choice: 'The choice is none of the values listed, so nothing was recorded.',
    no_purpose: 'The record does not say which purpose the choice is about.',
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
    const states = stateWords(settings)
    const read = page.map((item) => readChoice(item, { settings, states, ctx }))
    const writes = read.filter((entry) => typeof entry === 'object')
    if (writes.length > 0) await ctx.service('profiles').appendConsents(writes)
    return page.map((item, i) => {
      const entry = read[i]
      return typeof entry === 'string' ? fail(entry) : out(item)
    })
  },
  examples: [
    {
      name: 'lets records without a choice go on, and parks what it cannot read',
      config: { stateField: 'choice', timeField: 'at' },
      input: [
        { fields: { total: 1 }, profileId: 'p1' },
        { fields: { choice: 'perhaps', at: '2026-01-01' }, profileId: 'p1' },
        { fields: { choice: 'yes', at: 'yesterday' }, profileId: 'p1' },
        { fields: { choice: 'yes', at: '2026-01-01' } },
      ],
      expect: [
        { out: { total: 1 } },
        { fail: 'unknown_choice' },
        { fail: 'bad_time' },
        { fail: 'no_person' },
      ],
    },
    {
      name: 'never takes a missing purpose for the fixed one',
      config: { stateField: 'choice', purposeField: 'purpose' },
      input: [{ fields: { choice: 'yes' }, profileId: 'p1' }],
      expect: [{ fail: 'no_purpose' }],
    },
  ],
  words: { 'zh-CN': recordConsentWords },
})

const wordsOf = (list: string): string[] =>
  list
    .split(',')
    .map((word) => word.trim().toLowerCase())
    .filter((word) => word !== '')

const stateWords = (settings: Config): ReadonlyMap<string, ConsentStateName> =>
  new Map(STATES.flatMap((state) => wordsOf(settings[state]).map((word) => [word, state] as const)))

interface Reading {
  settings: Config
  states: ReadonlyMap<string, ConsentStateName>
  ctx: NodeContext
}

/** Undefined: the record says nothing about consent. Text: the code of what is wrong. */
function readChoice(
  item: Item,
  { settings, states, ctx }: Reading,
): ConsentWrite | string | undefined {
  const raw = readPath(item.fields, settings.stateField)
  if (!isSet(raw)) return undefined
  if (item.profileId === undefined) return 'no_person'
  const state = states.get(toText(raw).trim().toLowerCase())
  if (!state) return 'unknown_choice'
  const at = toInstant(
    settings.timeField === '' ? ctx.now : readPath(item.fields, settings.timeField),
  )
  if (at === undefined) return 'bad_time'
  const purpose = purposeOf(item, settings)
  return purpose === ''
    ? 'no_purpose'
    : toEntry({ item, profileId: item.profileId, purpose, state, at }, settings)
}

const purposeOf = (item: Item, { purposeField, purpose }: Config): string =>
  purposeField === '' ? purpose.trim() : toText(readPath(item.fields, purposeField)).trim()

interface Choice {
  item: Item
  profileId: string
  purpose: string
  state: ConsentStateName
  at: number
}

function toEntry({ item, profileId, purpose, state, at }: Choice, settings: Config): ConsentWrite {
  const { noticeField, validDays } = settings
  const iso = new Date(at).toISOString()
  const evidence = [profileId, purpose, state, iso, item.source].join('\0')
  const notice = noticeField === '' ? '' : toText(readPath(item.fields, noticeField))
  const expires = state === 'granted' && validDays > 0
  return {
    key: createHash('sha256').update(evidence).digest('hex').slice(0, 32),
    profileId,
    purpose,
    state,
    kind: state === 'objected' ? 'objection' : 'explicit',
    at: iso,
    source: item.source,
    ...(notice === '' ? {} : { noticeVersion: notice }),
    ...(expires ? { expiresAt: new Date(at + validDays * DAY_MS).toISOString() } : {}),
  }
}
