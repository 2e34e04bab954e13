/** Lets the records through that meet a condition. */
import { z } from 'zod'
import { drop, out, type Verdict } from '../../engine/contract/item.ts'
import { defineNode } from '../../engine/contract/node.ts'
import { compileCondition, conditionFields, conditionSchema } from '../lib/condition.ts'
import { filterWords } from '../words/filter.ts'

const OTHER = 'other'

const atLeast50 = {
  kind: 'group',
  match: 'all',
  rules: [{ kind: 'rule', field: 'total', operator: 'at_least', value: 50 }],
}

export const filter = defineNode({
  type: 'filter',
  version: 1,
  role: 'transform',
  title: 'Filter',
  summary: 'Lets only those through that meet your conditions.',
  config: z.strictObject({
    condition: conditionSchema.meta({ title: 'Let through when', widget: 'condition' }),
    rest: z
      .enum(['drop', OTHER])
      .default('drop')
      .meta({
        title: 'All others',
        description: 'What becomes of records that do not meet the conditions.',
        labels: { drop: 'end here', other: 'leave by a way out of their own' },
      }),
  }),
  outPorts: [
    { name: 'out', title: 'Out' },
    { name: OTHER, title: 'Others', when: { rest: OTHER } },
  ],
  drops: { not_matching: 'The conditions of the filter are not met.' },
  fieldsUsed: ({ condition }) => conditionFields(condition, 'condition.'),
  run: (page, { condition, rest }, ctx) => {
    const holds = compileCondition(condition, ctx.now)
    const refused = drop('not_matching')
    return page.map((item): Verdict => {
      if (holds(item.fields)) return out(item)
      return rest === OTHER ? out(item, OTHER) : refused
    })
  },
  examples: [
    {
      name: 'drops what does not match',
      config: { condition: atLeast50 },
      input: [{ fields: { total: '60' } }, { fields: { total: 40 } }, { fields: {} }],
      expect: [{ out: { total: '60' } }, { drop: 'not_matching' }, { drop: 'not_matching' }],
    },
    {
      name: 'lets the others leave by their own way',
      config: { condition: atLeast50, rest: OTHER },
      input: [{ fields: { total: 60 } }, { fields: { total: 40 } }],
      expect: [{ out: { total: 60 } }, { out: { total: 40 }, port: OTHER }],
    },
  ],
  words: { 'zh-CN': filterWords },
})
