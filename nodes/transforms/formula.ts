/** Computes a field by a formula over the other fields of the record. */
import { z } from 'zod'
import type { Fields, Json } from '../../engine/contract/json.ts'
import { drop, fail, out, type Item, type Verdict } from '../../engine/contract/item.ts'
import { RejectedError } from '../../engine/contract/error.ts'
import { defineNode, type NodeContext } from '../../engine/contract/node.ts'
import { compileExpression, ExpressionError, type Expression } from '../lib/expression.ts'
import { TooSlowError } from '../lib/expression-clock.ts'
import { isWritable } from '../lib/field-path.ts'
import { formulaWords } from '../words/formula.ts'

const config = z.strictObject({
  to: z
    .string()
    .trim()
    .min(1, 'Name the field for the result.')
    .max(256)
    .refine(isWritable, 'This name is reserved; choose another one.')
    .meta({ title: 'Result field', placeholder: 'discounted' }),
  formula: z
    .string()
    .trim()
    .min(1, 'Write a formula.')
    .superRefine((formula, context) => {
      const reason = formula === '' ? undefined : whyUnreadable(formula)
      if (reason !== undefined)
        context.addIssue({ code: 'custom', message: `The formula cannot be read: ${reason}` })
    })
    .meta({
      title: 'Formula',
      description:
        'Uses field names, as in total * 0.9, or fields["first name"]. A missing field is null. Functions: number(), text(), round(), isSet().',
      widget: 'expression',
      placeholder: 'round(number(total) * 0.9, 2)',
    }),
  onError: z
    .enum(['fail', 'clear', 'drop'])
    .default('fail')
    .meta({
      title: 'When it cannot be computed',
      labels: {
        fail: 'Park the record',
        clear: 'Leave the field out',
        drop: 'Leave the record out',
      },
    }),
})
type Config = z.output<typeof config>

function whyUnreadable(formula: string): string | undefined {
  try {
    compileExpression(formula)
    return undefined
  } catch (error) {
    return error instanceof ExpressionError ? error.message : 'it is not a formula.'
  }
}

export const formula = defineNode({
  type: 'formula',
  version: 1,
  role: 'transform',
  title: 'Formula',
  summary: 'Computes a field by a formula, such as an amount less a discount.',
  config,
  drops: { formula_failed: 'The values of the record do not suit the formula.' },
  fails: {
    formula_failed: 'The values of the record do not suit the formula.',
    formula_too_slow: 'The formula takes too long for the record.',
  },
  fieldsUsed: (settings) =>
    compileExpression(settings.formula).fields.map((field) => ['formula', field] as const),
  output: (settings, inputs) => {
    const input = inputs['in'] ?? { kind: 'records' as const, fields: [] }
    const used = new Set(compileExpression(settings.formula).fields)
    const personal = input.fields.some((field) => field.personal && used.has(field.name))
    const others = input.fields.filter(({ name }) => name !== settings.to)
    const made = { name: settings.to, type: 'unknown' as const, ...(personal ? { personal } : {}) }
    return { out: { ...input, fields: [...others, made] } }
  },
  run: (page, settings, ctx) => {
    const expression = compiled(settings)
    let slow = 0
    const verdicts = page.map((item) => {
      const verdict = ctx.begins()
        ? compute(item, expression, { settings, now: ctx.now })
        : TOO_SLOW
      if (verdict === TOO_SLOW && ++slow >= mostSlow(ctx)) throw tooSlow(ctx)
      return verdict
    })
    ctx.rests()
    return verdicts
  },
  examples: [
    {
      name: 'computes with numbers, also those written as text',
      config: { to: 'net', formula: 'round(number(total) / 1.2, 2)' },
      input: [{ fields: { total: 12 } }, { fields: { total: '24' } }],
      expect: [{ out: { total: 12, net: 10 } }, { out: { total: '24', net: 20 } }],
    },
    {
      name: 'parks a record whose values do not suit',
      config: { to: 'net', formula: 'total * 2' },
      input: [{ fields: { total: 1.5 } }, { fields: { total: 'many' } }, { fields: {} }],
      expect: [
        { out: { total: 1.5, net: 3 } },
        { fail: 'formula_failed' },
        { fail: 'formula_failed' },
      ],
    },
  ],
  words: { 'zh-CN': formulaWords },
})

const TOO_SLOW: Verdict = fail('formula_too_slow')
const SLOW = Symbol('too slow')

/** A formula that is slow for so many records of a page is slow for all; a dry run says so at once. */
const mostSlow = ({ mode }: NodeContext): number => (mode === 'preview' ? 1 : 20)

const tooSlow = ({ nodeId, nodeName }: NodeContext): RejectedError =>
  new RejectedError(
    'formula_too_slow',
    `The formula of "${nodeName}" takes too long for a record. Simplify it: avoid list steps within list steps.`,
    { nodeId },
  )

const known = new WeakMap<Config, Expression>()

function compiled(settings: Config): Expression {
  const expression = known.get(settings) ?? compileExpression(settings.formula)
  known.set(settings, expression)
  return expression
}

function compute(
  item: Item,
  expression: Expression,
  { settings, now }: { settings: Config; now: string },
): Verdict {
  const value = evaluate(expression, item.fields, now)
  if (value === SLOW) return TOO_SLOW
  if (value !== undefined) return out({ ...item, fields: { ...item.fields, [settings.to]: value } })
  if (settings.onError === 'drop') return drop('formula_failed')
  if (settings.onError === 'fail') return fail('formula_failed', `Field "${settings.to}".`)
  if (!Object.hasOwn(item.fields, settings.to)) return out(item)
  const fields = { ...item.fields }
  delete fields[settings.to]
  return out({ ...item, fields })
}

/** The engine's own words name the value, so they are never passed on. */
function evaluate(
  expression: Expression,
  fields: Fields,
  now: string,
): Json | typeof SLOW | undefined {
  try {
    return expression.evaluate(fields, now)
  } catch (error) {
    return error instanceof TooSlowError ? SLOW : undefined
  }
}
