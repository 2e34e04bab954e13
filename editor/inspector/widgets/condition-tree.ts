/** The condition tree as the builder sees it: which operators suit a field, which values they take. */
import type { Json } from '../../../engine/contract/json.ts'
import type { FieldType } from '../../../engine/contract/shape.ts'

export const OPERATORS = [
  'equals',
  'not_equals',
  'contains',
  'not_contains',
  'starts_with',
  'ends_with',
  'is_one_of',
  'is_none_of',
  'greater_than',
  'at_least',
  'less_than',
  'at_most',
  'between',
  'before',
  'after',
  'in_last_days',
  'not_in_last_days',
  'is_true',
  'is_false',
  'is_set',
  'is_not_set',
  'matches_pattern',
] as const
export type Operator = (typeof OPERATORS)[number]

export interface ConditionRule {
  kind: 'rule'
  field: string
  operator: Operator
  value?: Json
}

export interface ConditionGroup {
  kind: 'group'
  match: 'all' | 'any' | 'none'
  rules: Array<ConditionGroup | ConditionRule>
}

export type ValueKind = 'none' | 'one' | 'two' | 'list' | 'days' | 'date'

const VALUE_KINDS: Partial<Record<Operator, ValueKind>> = {
  is_set: 'none',
  is_not_set: 'none',
  is_true: 'none',
  is_false: 'none',
  between: 'two',
  is_one_of: 'list',
  is_none_of: 'list',
  in_last_days: 'days',
  not_in_last_days: 'days',
  before: 'date',
  after: 'date',
}
export const valueKind = (operator: Operator): ValueKind => VALUE_KINDS[operator] ?? 'one'

const PRESENCE: Operator[] = ['is_set', 'is_not_set']
const BY_TYPE: Partial<Record<FieldType, Operator[]>> = {
  text: [
    'equals',
    'not_equals',
    'contains',
    'not_contains',
    'starts_with',
    'ends_with',
    'is_one_of',
    'is_none_of',
    'matches_pattern',
  ],
  number: [
    'equals',
    'not_equals',
    'greater_than',
    'at_least',
    'less_than',
    'at_most',
    'between',
    'is_one_of',
    'is_none_of',
  ],
  boolean: ['is_true', 'is_false'],
  date: ['before', 'after', 'in_last_days', 'not_in_last_days', 'between'],
  list: ['contains', 'not_contains'],
}

/** Operators that make sense for the type; all of them when it is not known. */
export const operatorsFor = (type: FieldType | undefined): readonly Operator[] => {
  const fitting = type && BY_TYPE[type]
  return fitting ? [...fitting, ...PRESENCE] : OPERATORS
}

/** The rule with a value its operator can take: one that suits is kept. */
export function startOperand(rule: ConditionRule): ConditionRule {
  const { value, ...rest } = rule
  switch (valueKind(rule.operator)) {
    case 'none':
      return rest
    case 'two':
      return { ...rest, value: Array.isArray(value) ? value : ['', ''] }
    case 'list':
      return { ...rest, value: Array.isArray(value) ? value : [] }
    case 'days':
      return { ...rest, value: typeof value === 'number' ? value : 30 }
    default:
      return { ...rest, value: Array.isArray(value) || value === undefined ? '' : value }
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A group, whatever was there before. */
export function readGroup(value: unknown): ConditionGroup {
  const rules = isObject(value) && Array.isArray(value['rules']) ? value['rules'] : []
  const match = isObject(value) ? value['match'] : undefined
  return {
    kind: 'group',
    match: match === 'any' || match === 'none' ? match : 'all',
    rules: rules.map((rule: unknown) =>
      isObject(rule) && rule['kind'] === 'group' ? readGroup(rule) : readRule(rule),
    ),
  }
}

export function readRule(value: unknown): ConditionRule {
  const rule = isObject(value) ? value : {}
  const operator = OPERATORS.find((known) => known === rule['operator']) ?? 'equals'
  const field = typeof rule['field'] === 'string' ? rule['field'] : ''
  return {
    kind: 'rule',
    field,
    operator,
    ...(rule['value'] === undefined ? {} : { value: rule['value'] as Json }),
  }
}
