/** Adds what the profile knows to each record, such as the address to write to. */
import { z } from 'zod'
import { drop, out } from '../../engine/contract/item.ts'
import { defineNode } from '../../engine/contract/node.ts'
import type { FieldMeaning, FieldSpec } from '../../engine/contract/shape.ts'
import { isWritable } from '../lib/field-path.ts'
import { profileFieldsWords } from '../words/profile-fields.ts'

const config = z.strictObject({
  rows: z
    .array(
      z.strictObject({
        trait: z.string().min(1, 'Name the trait.').meta({
          title: 'Trait',
          placeholder: 'email',
          description: '"preference_link" gives the link to the page with the person\'s choices.',
        }),
        field: z
          .string()
          .min(1, 'Name the field.')
          .refine(isWritable, 'This name is reserved.')
          .meta({ title: 'Becomes field', placeholder: 'email' }),
      }),
    )
    .min(1, 'Add at least one trait.')
    .meta({ title: 'Traits' }),
})

/** No trait, but the signed link to the person's preference page. */
const PREFERENCE_LINK = 'preference_link'

const MEANINGS: Readonly<Record<string, FieldMeaning>> = {
  email: 'email',
  phone: 'phone',
  firstName: 'first_name',
  lastName: 'last_name',
}

export const profileFields = defineNode({
  type: 'profile_fields',
  version: 1,
  role: 'transform',
  title: 'Add profile fields',
  summary: 'Adds traits of the profile to each record, such as the address to write to.',
  config,
  inPorts: [{ name: 'in', title: 'People', accepts: ['people'] }],
  effects: 'reads',
  uses: ['profiles'],
  drops: { no_profile: 'There is no profile of this person.' },
  output: ({ rows }, inputs) => {
    const input = inputs['in'] ?? { kind: 'people' as const, fields: [] }
    const added = rows.map(({ trait, field }): FieldSpec => {
      const meaning = MEANINGS[trait]
      return { name: field, type: 'unknown', ...(meaning ? { meaning, personal: true } : {}) }
    })
    const names = new Set(added.map(({ name }) => name))
    return {
      out: { ...input, fields: [...input.fields.filter((f) => !names.has(f.name)), ...added] },
    }
  },
  async run(page, { rows }, ctx) {
    const ids = new Set(page.flatMap((item) => item.profileId ?? []))
    const service = ctx.service('profiles')
    const profiles = await service.read([...ids])
    const linkOf = (profileId: string) => service.preferenceLink?.(profileId)
    return page.map((item) => {
      const profile = profiles.get(item.profileId ?? '')
      if (!profile) return drop('no_profile')
      const fields = { ...item.fields }
      for (const { trait, field } of rows) {
        const value =
          trait === PREFERENCE_LINK ? linkOf(profile.profileId) : profile.traits[trait]?.value
        if (value !== undefined) fields[field] = value
      }
      return out({ ...item, fields })
    })
  },
  examples: [
    {
      name: 'leaves out a person without a profile',
      config: { rows: [{ trait: 'email', field: 'email' }] },
      input: [{ fields: {}, profileId: 'nobody' }],
      expect: [{ drop: 'no_profile' }],
    },
  ],
  words: { 'zh-CN': profileFieldsWords },
})
