/** Decides who is in an audience, by conditions over the record and the person's profile. */
import { z } from 'zod'
import type { Fields, Json } from '../../engine/contract/json.ts'
import { drop, out, type Item, type Verdict } from '../../engine/contract/item.ts'
import { defineNode } from '../../engine/contract/node.ts'
import type { Profile } from '../../engine/contract/profile.ts'
import { compileCondition, conditionFields, conditionSchema } from '../lib/condition.ts'
import { toText } from '../lib/field-path.ts'
import { audienceWords } from '../words/audience.ts'

const OTHER = 'other'

const config = z.strictObject({
  key: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,63}$/, 'Use lower-case letters, digits and underscores.')
    .meta({
      title: 'Key',
      placeholder: 'welcome_back',
      description: 'Names the audience in other systems.',
    }),
  name: z
    .string()
    .trim()
    .min(1, 'Name the audience.')
    .max(120)
    .meta({ title: 'Name', placeholder: 'Welcome back' }),
  condition: conditionSchema.meta({
    title: 'Who belongs to it',
    description:
      'Fields of the record, traits of the profile as traits.name, or facts such as profile.createdAt.',
    widget: 'condition',
  }),
  pass: z
    .enum(['members', 'entered', 'left'])
    .default('members')
    .meta({
      title: 'Who goes on',
      labels: {
        members: 'everyone in the audience',
        entered: 'only those who just entered',
        left: 'only those who just left',
      },
    }),
  rest: z
    .enum(['drop', OTHER])
    .default('drop')
    .meta({
      title: 'People outside',
      labels: { drop: 'end here', other: 'leave by a way out of their own' },
      showIf: { pass: 'members' },
      advanced: true,
    }),
})
type Config = z.output<typeof config>

export const audience = defineNode({
  type: 'audience',
  version: 1,
  role: 'audience',
  title: 'Audience',
  summary: 'Decides who is in an audience, and remembers who entered and left.',
  config,
  inPorts: [{ name: 'in', title: 'People', accepts: ['people'] }],
  outPorts: [
    { name: 'out', title: 'Out' },
    { name: OTHER, title: 'Outside', when: { rest: OTHER } },
  ],
  effects: 'writes',
  uses: ['profiles', 'audiences'],
  drops: {
    outside: 'The person does not belong to the audience.',
    unchanged: 'The person was in or out before, and only changes go on.',
    no_person: 'The record belongs to no known person.',
  },
  fieldsUsed: ({ condition }) =>
    conditionFields(condition, 'condition.').filter(([, field]) => !isOfProfile(field)),
  async run(page, settings, ctx) {
    const ids = new Set(page.flatMap((item) => item.profileId ?? []))
    const profiles = await ctx.service('profiles').read([...ids])
    const people = judgePeople(page, profiles, settings, ctx.now)
    const writes = Array.from(people, ([profileId, judged]) => ({ profileId, ...judged }))
    const changed = await ctx.service('audiences').update(settings.key, writes)
    const isInside = (profileId: string) => people.get(profileId)?.inside === true
    return page.map((item) => toVerdict(item, { settings, isInside, changed }))
  },
  examples: [
    {
      name: 'lets members through, and no record of nobody',
      config: {
        key: 'big_spenders',
        name: 'Big spenders',
        condition: {
          kind: 'group',
          match: 'all',
          rules: [{ kind: 'rule', field: 'spent', operator: 'at_least', value: 100 }],
        },
      },
      input: [
        { fields: { spent: 150 }, profileId: 'p1' },
        { fields: { spent: 50 }, profileId: 'p2' },
        { fields: { spent: 500 } },
      ],
      expect: [{ out: { spent: 150 } }, { drop: 'outside' }, { drop: 'no_person' }],
    },
  ],
  words: { 'zh-CN': audienceWords },
})

const isOfProfile = (field: string): boolean =>
  field.startsWith('traits.') || field.startsWith('profile.')

interface Judged {
  inside: boolean
  /** Which rules decided; names fields and set values, never a person's own. */
  why: string
}

/** A person is inside when any of their records on the page meets the conditions. */
function judgePeople(
  page: readonly Item[],
  profiles: ReadonlyMap<string, Profile>,
  settings: Config,
  now: string,
): Map<string, Judged> {
  const judge = compileJudge(settings, now)
  const toView = compileView(settings)
  const people = new Map<string, Judged>()
  for (const item of page) {
    const { profileId } = item
    if (profileId === undefined || people.get(profileId)?.inside === true) continue
    people.set(profileId, judge(toView(item, profiles.get(profileId))))
  }
  return people
}

/** Fields of the record, with what the conditions ask of the profile under `traits` and `profile`. */
function compileView({ condition }: Config): (item: Item, profile?: Profile) => Fields {
  const asked = new Set(conditionFields(condition).map(([, field]) => field))
  const traits = [...asked]
    .filter((field) => field.startsWith('traits.'))
    .map((field) => field.split('.')[1] ?? '')
  const usesProfile = [...asked].some((field) => field.startsWith('profile.'))
  return (item, profile) => {
    if (!profile || (traits.length === 0 && !usesProfile)) return item.fields
    const values: Fields = {}
    for (const name of traits) {
      const trait = Object.hasOwn(profile.traits, name) ? profile.traits[name] : undefined
      if (trait) values[name] = trait.value
    }
    return {
      ...item.fields,
      traits: values,
      ...(usesProfile ? { profile: profileFacts(profile) } : {}),
    }
  }
}

const profileFacts = (profile: Profile): Json => ({
  createdAt: profile.createdAt,
  updatedAt: profile.updatedAt,
  audiences: Object.fromEntries(
    Object.entries(profile.audiences).map(([key, { since }]) => [key, since]),
  ),
  consent: Object.fromEntries(
    Object.entries(profile.consent).map(([purpose, { state }]) => [purpose, state]),
  ),
  traits: Object.fromEntries(
    Object.entries(profile.traits).map(([name, { value }]) => [name, value]),
  ),
})

/** Each top rule is judged on its own, so that the answer can say which ones decided. */
function compileJudge({ condition }: Config, now: string): (fields: Fields) => Judged {
  const rules = condition.rules.map((rule) => ({
    holds: compileCondition({ kind: 'group', match: 'all', rules: [rule] }, now),
    text: describe(rule),
  }))
  const sentences = new Map<string, string>()
  return (fields) => {
    const met = rules.map(({ holds }) => holds(fields))
    const inside = decide(met, condition.match)
    const wanted = condition.match === 'none' ? !inside : inside
    const pattern = met.map(Number).join('')
    const known = sentences.get(pattern)
    if (known !== undefined) return { inside, why: known }
    const texts = rules.flatMap(({ text }, i) => (met[i] === wanted ? [text] : []))
    const why = `${wanted ? 'Met' : 'Not met'}: ${texts.join('; ') || 'no condition'}.`
    sentences.set(pattern, why)
    return { inside, why }
  }
}

function decide(met: readonly boolean[], match: Config['condition']['match']): boolean {
  if (match === 'all') return met.every(Boolean)
  return match === 'any' ? met.some(Boolean) : !met.some(Boolean)
}

function describe(rule: Config['condition']['rules'][number]): string {
  if (rule.kind === 'group') return `${rule.match} of (${rule.rules.map(describe).join(', ')})`
  const operator = rule.operator.replaceAll('_', ' ')
  return rule.value === undefined
    ? `${rule.field} ${operator}`
    : `${rule.field} ${operator} ${toText(rule.value)}`
}

interface Outcome {
  settings: Config
  isInside(profileId: string): boolean
  changed: { entered: ReadonlySet<string>; left: ReadonlySet<string> }
}

function toVerdict(item: Item, { settings, isInside, changed }: Outcome): Verdict {
  const { profileId } = item
  if (profileId === undefined) return drop('no_person')
  const inside = isInside(profileId)
  if (settings.pass === 'members') {
    if (inside) return out(item)
    return settings.rest === OTHER ? out(item, OTHER) : drop('outside')
  }
  const moved = settings.pass === 'entered' ? changed.entered : changed.left
  if (moved.has(profileId)) return out(item)
  return drop(inside === (settings.pass === 'entered') ? 'unchanged' : 'outside')
}
