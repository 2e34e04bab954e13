/** Lets through only people who allow the purposes. Anything unknown or malformed is a no. */
import { z } from 'zod'
import { drop, out, type Item, type Verdict } from '../../engine/contract/item.ts'
import { defineNode } from '../../engine/contract/node.ts'
import { decideConsent } from '../../engine/privacy/decide-consent.ts'
import type { ConsentState } from '../../engine/privacy/fold-ledger.ts'
import { readPath, toText } from '../lib/field-path.ts'

const config = z.strictObject({
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
        purpose: z.string().min(1).meta({ title: 'Purpose' }),
        field: z.string().min(1).meta({ title: 'Field', widget: 'field' }),
        granted: z.string().default('true').meta({
          title: 'Value that means yes',
          placeholder: 'true',
        }),
      }),
    )
    .default([])
    .meta({ title: 'Consent fields', showIf: { lookAt: 'record' } }),
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
  drops: {
    unknown: 'Nothing is known about consent.',
    denied: 'Consent was refused.',
    withdrawn: 'Consent was withdrawn.',
    objected: 'The person objected.',
    expired: 'Consent has expired.',
    restricted: 'The person restricted the use of their data.',
    opted_out: 'The person opted out of the sale or sharing of their data.',
    no_person: 'The record belongs to no known person, so consent cannot be looked up.',
  },
  privacy: ({ purposes, match }) => ({
    // Passing one of several purposes proves none of them.
    filters: match === 'all' || purposes.length === 1 ? purposes : [],
  }),
  fieldsUsed: ({ fields, lookAt }) =>
    lookAt === 'record' ? fields.map(({ field }, i) => [`fields.${i}.field`, field] as const) : [],
  async run(page, settings, ctx) {
    if (settings.lookAt === 'record') return page.map((item) => judgeRecord(item, settings))
    const ids = page.flatMap((item) => item.profileId ?? [])
    const profiles = await ctx.service('profiles').read([...new Set(ids)])
    return page.map((item) => {
      if (item.profileId === undefined) return drop('no_person')
      return judge(item, profiles.get(item.profileId)?.consent, settings, ctx.now)
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
      input: [{ fields: { optin: 'yes' } }, { fields: { optin: 'no' } }, { fields: {} }],
      expect: [
        { out: { optin: 'yes' } },
        { drop: 'email_marketing:denied' },
        { drop: 'email_marketing:unknown' },
      ],
    },
  ],
  words: {
    'zh-CN': {
      title: '同意筛选',
      summary: '只让允许该用途的人通过。',
      fields: {
        purposes: { title: '用途', description: '此步骤之后数据的用途。' },
        match: { title: '须允许' },
        lookAt: { title: '同意记录在' },
        fields: { title: '同意字段' },
        'fields.purpose': { title: '用途' },
        'fields.field': { title: '字段' },
        'fields.granted': { title: '表示同意的值' },
      },
      choices: {
        'match=all': '全部用途',
        'match=any': '至少一个用途',
        'lookAt=profile': '用户档案',
        'lookAt=record': '记录的字段',
      },
      ports: { in: '输入', out: '输出' },
      reasons: {
        unknown: '没有同意记录。',
        denied: '已拒绝。',
        withdrawn: '已撤回同意。',
        objected: '本人提出反对。',
        expired: '同意已过期。',
        restricted: '本人限制了数据使用。',
        opted_out: '本人选择不出售或共享数据。',
        no_person: '记录不属于任何已知的人，无法查询同意。',
      },
    },
  },
})

function judge(
  item: Item,
  consent: ConsentState | undefined,
  { purposes, match }: Config,
  at: string,
): Verdict {
  const { allowed, reasons } = decideConsent(consent, { purposes, match, at })
  if (allowed) return out(item)
  const against = reasons.find(({ reason }) => reason !== 'granted')
  return drop(against ? `${against.purpose}:${against.reason}` : 'unknown')
}

function judgeRecord(item: Item, { purposes, match, fields }: Config): Verdict {
  let refusal: string | undefined
  for (const purpose of purposes) {
    const row = fields.find((candidate) => candidate.purpose === purpose)
    const value = row && readPath(item.fields, row.field)
    const granted =
      row && value !== undefined && toText(value).toLowerCase() === row.granted.toLowerCase()
    if (granted && match === 'any') return out(item)
    if (!granted) refusal ??= `${purpose}:${value === undefined ? 'unknown' : 'denied'}`
  }
  return refusal === undefined ? out(item) : drop(refusal)
}
