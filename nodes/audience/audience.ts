/** Decides who is in an audience, by conditions over the record and the person's profile. */
import { z } from 'zod'
import type { Fields } from '../../engine/contract/json.ts'
import { drop, out, type Item } from '../../engine/contract/item.ts'
import { defineNode } from '../../engine/contract/node.ts'
import type { Profile } from '../../engine/contract/profile.ts'
import type { MembershipWrite } from '../../engine/contract/services.ts'
import { compileCondition, conditionFields, conditionSchema } from '../lib/condition.ts'

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
    description: 'Fields of the record, or traits of the profile as traits.name.',
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
  effects: 'writes',
  uses: ['profiles', 'audiences'],
  drops: {
    outside: 'The person does not belong to the audience.',
    unchanged: 'The person was in or out before, and only changes go on.',
    no_person: 'The record belongs to no known person.',
  },
  fieldsUsed: ({ condition }) =>
    conditionFields(condition, 'condition.').filter(([, field]) => !field.startsWith('traits.')),
  async run(page, settings, ctx) {
    const holds = compileCondition(settings.condition, ctx.now)
    const ids = new Set(page.flatMap((item) => item.profileId ?? []))
    const profiles = await ctx.service('profiles').read([...ids])
    const inside = page.map((item) => holds(viewOf(item, profiles.get(item.profileId ?? ''))))
    const writes = page.flatMap((item, i): MembershipWrite[] =>
      item.profileId === undefined
        ? []
        : [
            {
              profileId: item.profileId,
              inside: inside[i] === true,
              why: whyOf(inside[i] === true),
            },
          ],
    )
    const changed = await ctx.service('audiences').update(settings.key, writes)
    return page.map((item, i) => judge(item, inside[i] === true, settings, changed))
  },
  examples: [],
  words: {
    'zh-CN': {
      title: '受众',
      summary: '判断谁属于受众，并记录进入和离开。',
      fields: {
        key: { title: '键', description: '在其他系统中的受众名称。' },
        name: { title: '名称' },
        condition: { title: '谁属于受众', description: '记录的字段，或档案特征（traits.名称）。' },
        pass: { title: '谁继续' },
      },
      choices: {
        'pass=members': '受众中的所有人',
        'pass=entered': '仅刚进入的人',
        'pass=left': '仅刚离开的人',
      },
      ports: { in: '人', out: '输出' },
      reasons: {
        outside: '此人不属于该受众。',
        unchanged: '此人的状态没有变化，只有变化的人继续。',
        no_person: '记录不属于任何已知的人。',
      },
    },
  },
})

const whyOf = (inside: boolean): string =>
  inside ? 'All conditions of the audience are met.' : 'Not all conditions of the audience are met.'

/** The record's fields, and the profile's traits under `traits`. */
function viewOf(item: Item, profile: Profile | undefined): Fields {
  if (!profile) return item.fields
  const traits = Object.fromEntries(
    Object.entries(profile.traits).map(([name, trait]) => [name, trait.value]),
  )
  return { ...item.fields, traits }
}

function judge(
  item: Item,
  inside: boolean,
  { pass }: Config,
  changed: { entered: ReadonlySet<string>; left: ReadonlySet<string> },
) {
  if (item.profileId === undefined) return drop('no_person')
  if (pass === 'members') return inside ? out(item) : drop('outside')
  const moved = pass === 'entered' ? changed.entered : changed.left
  if (moved.has(item.profileId)) return out(item)
  return drop(inside === (pass === 'entered') ? 'unchanged' : 'outside')
}
