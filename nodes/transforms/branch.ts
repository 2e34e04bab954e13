/** Sends each record down the first branch whose condition it meets. */
import { z } from 'zod'
import { out } from '../../engine/contract/item.ts'
import { DELIVERED_PORT, defineNode } from '../../engine/contract/node.ts'
import { compileCondition, conditionFields, conditionSchema } from '../lib/condition.ts'
import { branchWords } from '../words/branch.ts'

const OTHERWISE = 'otherwise'
const RESERVED: readonly string[] = [OTHERWISE, DELIVERED_PORT, 'out', 'in']

const branchSchema = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/i, 'Use letters, digits, hyphens and underscores.')
    .refine((id) => !RESERVED.includes(id), 'This key is reserved; choose another one.')
    .meta({ title: 'Key', widget: 'hidden' }),
  name: z
    .string()
    .trim()
    .min(1, 'Name the branch.')
    .max(60)
    .meta({ title: 'Name', placeholder: 'Loyal customers' }),
  condition: conditionSchema.meta({ title: 'Takes records when', widget: 'condition' }),
})

const config = z.strictObject({
  branches: z
    .array(branchSchema)
    .min(1, 'Add at least one branch.')
    .max(50, 'At most 50 branches are allowed.')
    .superRefine((branches, context) => {
      const seen = new Set<string>()
      for (const [i, { id }] of branches.entries()) {
        if (seen.has(id))
          context.addIssue({
            code: 'custom',
            path: [i, 'id'],
            message: 'Two branches have the same key. Delete one and add it again.',
          })
        seen.add(id)
      }
    })
    .meta({ title: 'Branches', description: 'Tried from the top; the first that fits counts.' }),
})

const spends = (operator: string, value: number) => ({
  kind: 'group',
  match: 'all',
  rules: [{ kind: 'rule', field: 'spent', operator, value }],
})

export const branch = defineNode({
  type: 'branch',
  version: 1,
  role: 'transform',
  title: 'Branch',
  summary: 'Sends records different ways, by the first condition they meet.',
  config,
  outPorts: {
    from: 'branches',
    key: 'id',
    label: 'name',
    plus: [{ name: OTHERWISE, title: 'All others' }],
  },
  fieldsUsed: ({ branches }) =>
    branches.flatMap(({ condition }, i) => conditionFields(condition, `branches.${i}.condition.`)),
  run: (page, { branches }, ctx) => {
    const tests = branches.map(({ condition }) => compileCondition(condition, ctx.now))
    return page.map((item) => {
      const first = tests.findIndex((holds) => holds(item.fields))
      return out(item, branches[first]?.id ?? OTHERWISE)
    })
  },
  examples: [
    {
      name: 'takes the first branch that fits, and the last way out when none does',
      config: {
        branches: [
          { id: 'gold', name: 'Gold', condition: spends('at_least', 1_000) },
          { id: 'silver', name: 'Silver', condition: spends('at_least', 100) },
        ],
      },
      input: [{ fields: { spent: 2_000 } }, { fields: { spent: 100 } }, { fields: {} }],
      expect: [
        { out: { spent: 2_000 }, port: 'gold' },
        { out: { spent: 100 }, port: 'silver' },
        { out: {}, port: OTHERWISE },
      ],
    },
  ],
  words: { 'zh-CN': branchWords },
})
