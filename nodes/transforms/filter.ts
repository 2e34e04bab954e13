/** Lets the records through that meet a condition. */
import { z } from 'zod'
import { drop, out } from '../../engine/contract/item.ts'
import { defineNode } from '../../engine/contract/node.ts'
import { compileCondition, conditionFields, conditionSchema } from '../lib/condition.ts'

export const filter = defineNode({
  type: 'filter',
  version: 1,
  role: 'transform',
  title: 'Filter',
  summary: 'Lets only those through that meet your conditions.',
  config: z.strictObject({
    condition: conditionSchema.meta({ title: 'Let through when', widget: 'condition' }),
  }),
  drops: { not_matching: 'The conditions of the filter are not met.' },
  fieldsUsed: ({ condition }) => conditionFields(condition, 'condition.'),
  run: (page, { condition }, ctx) => {
    const holds = compileCondition(condition, ctx.now)
    const refused = drop('not_matching')
    return page.map((item) => (holds(item.fields) ? out(item) : refused))
  },
  examples: [
    {
      name: 'drops what does not match',
      config: {
        condition: {
          kind: 'group',
          match: 'all',
          rules: [{ kind: 'rule', field: 'total', operator: 'at_least', value: 50 }],
        },
      },
      input: [{ fields: { total: '60' } }, { fields: { total: 40 } }, { fields: {} }],
      expect: [{ out: { total: '60' } }, { drop: 'not_matching' }, { drop: 'not_matching' }],
    },
  ],
  words: {
    'zh-CN': {
      title: '筛选',
      summary: '只让符合条件的通过。',
      fields: { condition: { title: '通过条件' } },
      ports: { in: '输入', out: '输出' },
      reasons: { not_matching: '不符合筛选条件。' },
    },
  },
})
