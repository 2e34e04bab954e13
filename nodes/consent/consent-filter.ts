/** Lets through only people who allow the purposes. Anything unknown or malformed is a no. */
import { z } from 'zod'
import { CONSENT_REASONS, type ConsentRefusal } from '../../engine/contract/consent-reasons.ts'
import { drop, out, type Item, type Verdict } from '../../engine/contract/item.ts'
import { defineNode } from '../../engine/contract/node.ts'
import type { Profile } from '../../engine/contract/profile.ts'
import { decideConsent } from '../../engine/privacy/decide-consent.ts'
import { isSet, readPath, toText } from '../lib/field-path.ts'
import { consentFilterWords } from '../words/consent-filter.ts'

const config = z
  .strictObject({
    purposes: z.array(z.string().min(1)).min(1, 'Choose at least one purpose.').max(20).meta({
      title: 'Purposes',
      description: 'What the data is used for after this step.',
      widget: 'purposes',
    }),
    match: z
      .enum(['all', 'any'])
      .default('all')
      .meta({
        title: 'People must allow',
        description: 'Later steps count as filtered only when all are required.',
        labels: { all: 'all of them', any: 'at least one of them' },
      }),
    lookAt: z
      .enum(['profile', 'record'])
      .default('profile')
      .meta({
        title: 'Where consent is kept',
        labels: { profile: 'In the profile', record: 'In fields of the record' },
      }),
    fields: z
      .array(
        z.strictObject({
          purpose: z.string().min(1, 'Choose a purpose.').meta({ title: 'Purpose' }),
          field: z.string().min(1, 'Choose a field.').meta({ title: 'Field', widget: 'field' }),
          granted: z
            .string()
            .min(1, 'Say which value means yes.')
            .default('true,yes,1,granted')
            .meta({
              title: 'Values that mean yes',
              description: 'Several are set apart by commas.',
              placeholder: 'true',
            }),
        }),
      )
      .max(20)
      .default([])
      .meta({
        title: 'Consent fields',
        description: 'Which field tells of each purpose.',
        showIf: { lookAt: 'record' },
      }),
  })
  .superRefine(({ purposes, lookAt, fields }, context) => {
    if (lookAt === 'profile') return
    const told = new Set(fields.map(({ purpose }) => purpose))
    for (const purpose of purposes)
      if (!told.has(purpose))
        context.addIssue({
          code: 'custom',
          path: ['fields'],
          message: `Choose the field that tells whether "${purpose}" is allowed.`,
        })
  })
type Config = z.output<typeof config>

export const consentFilter = defineNode({
  type: 'consent_filter',
  version: 1,
  role: 'consent',
  title: 'Consent filter',
  summary: 'Lets only people through who allow what the data is used for.',
  config,
  effects: 'reads',
  uses: ({ lookAt }) => (lookAt === 'profile' ? ['profiles'] : []),
  drops: CONSENT_REASONS,
  privacy: ({ purposes, match }) => ({
    // Passing one of several purposes proves none of them.
    filters: match === 'all' || purposes.length === 1 ? purposes : [],
  }),
  fieldsUsed: ({ fields, lookAt }) =>
    lookAt === 'record' ? fields.map(({ field }, i) => [`fields.${i}.field`, field] as const) : [],
  async run(page, settings, ctx) {
    const refuse = createRefusals()
    if (settings.lookAt === 'record') {
      const judge = compileRecordJudge(settings)
      return page.map((item) => toVerdict(prove(item, settings), judge(item), refuse))
    }
    const ids = new Set(page.flatMap((item) => item.profileId ?? []))
    const profiles = await ctx.service('profiles').read([...ids])
    return page.map((item) => {
      const profile = profiles.get(item.profileId ?? '')
      return toVerdict(item, judgeProfile(item, profile, settings, ctx.now), refuse)
    })
  },
  examples: [
    {
      name: 'drops a record whose field does not say yes',
      config: {
        purposes: ['email_marketing'],
        lookAt: 'record',
        fields: [{ purpose: 'email_marketing', field: 'optin', granted: 'yes' }],
      },
      input: [
        { fields: { optin: 'yes' } },
        { fields: { optin: 'no' } },
        { fields: { optin: ['yes'] } },
        { fields: { optin: ' ' } },
        { fields: {} },
      ],
      expect: [
        { out: { optin: 'yes' } },
        { drop: 'email_marketing:denied' },
        { drop: 'email_marketing:denied' },
        { drop: 'email_marketing:unknown' },
        { drop: 'email_marketing:unknown' },
      ],
    },
    {
      name: 'drops a person of whom nothing is known, and a record of nobody',
      config: { purposes: ['ads'] },
      input: [{ fields: {}, profileId: 'nobody' }, { fields: {} }],
      expect: [{ drop: 'ads:unknown' }, { drop: 'ads:no_person' }],
    },
  ],
  words: { 'zh-CN': consentFilterWords },
})

/** The record itself is the proof: steps that send believe it where no profile says otherwise. */
const prove = (item: Item, { purposes, match }: Config): Item =>
  match === 'all' || purposes.length === 1
    ? { ...item, consented: unite(item.consented, purposes) }
    : item

/** Items without a proof of their own share one list, so that what reads it can tell they are alike. */
const unite = (known: string[] | undefined, purposes: string[]): string[] =>
  known ? [...new Set([...known, ...purposes])] : purposes

/** The purpose and reason that stand against an item; undefined when nothing does. */
type Refusal = `${string}:${ConsentRefusal}` | undefined

const toVerdict = (item: Item, refusal: Refusal, refuse: (reason: string) => Verdict): Verdict =>
  refusal === undefined ? out(item) : refuse(refusal)

/** One verdict object per reason, not per item. */
function createRefusals(): (reason: string) => Verdict {
  const made = new Map<string, Verdict>()
  return (reason) => {
    const known = made.get(reason) ?? drop(reason)
    made.set(reason, known)
    return known
  }
}

function judgeProfile(
  item: Item,
  profile: Profile | undefined,
  { purposes, match }: Config,
  at: string,
): Refusal {
  const first = purposes[0] ?? ''
  if (item.profileId === undefined) return `${first}:no_person`
  const { allowed, reasons } = decideConsent(profile?.consent, { purposes, match, at })
  if (allowed) return undefined
  for (const { purpose, reason } of reasons) if (reason !== 'granted') return `${purpose}:${reason}`
  return `${first}:unknown`
}

function compileRecordJudge({ purposes, match, fields }: Config): (item: Item) => Refusal {
  const rows = purposes.map((purpose) => {
    const row = fields.find((candidate) => candidate.purpose === purpose)
    const words = (row?.granted ?? '').split(',').map((word) => word.trim().toLowerCase())
    return {
      purpose,
      field: row?.field ?? '',
      granted: new Set(words.filter((word) => word !== '')),
    }
  })
  return (item) => {
    let refusal: Refusal
    for (const { purpose, field, granted } of rows) {
      const value = readPath(item.fields, field)
      const isGranted = isSet(value) && granted.has(toText(value).trim().toLowerCase())
      if (isGranted && match === 'any') return undefined
      if (!isGranted) refusal ??= `${purpose}:${isSet(value) ? 'denied' : 'unknown'}`
    }
    return refusal
  }
}
