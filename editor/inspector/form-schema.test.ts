import { describe, expect, it } from 'vitest'
import type { Json } from '../../engine/contract/json.ts'
import {
  humanise,
  isShown,
  startValue,
  unionKey,
  variantOf,
  type FormSchema,
} from './form-schema.ts'
import { operatorsFor, readGroup, startOperand } from './widgets/condition-tree.ts'
import { fieldFor, snakeCase, sourceOf, suggestRows, withSource } from './widgets/mapping-rows.ts'

const union: FormSchema[] = [
  { type: 'object', properties: { kind: { const: 'upload' }, file: { widget: 'file' } } },
  { type: 'object', properties: { kind: { const: 'url' }, url: { type: 'string' } } },
]

describe('form schema', () => {
  it('starts with defaults, the first variant and an empty condition', () => {
    const form: FormSchema = {
      type: 'object',
      properties: {
        origin: { oneOf: union },
        keep: { type: 'string', default: 'first' },
        when: { widget: 'condition', $ref: '#/$defs/group' },
        rows: { type: 'array' },
        name: { type: 'string' },
      },
      $defs: { group: { type: 'object' } },
    }
    expect(startValue(form as Json, form as Json)).toEqual({
      origin: { kind: 'upload' },
      keep: 'first',
      when: { kind: 'group', match: 'all', rules: [] },
      rows: [],
    })
  })

  it('gives a row that is told apart by a hidden key one of its own', () => {
    const row: FormSchema = {
      type: 'object',
      properties: { id: { type: 'string', widget: 'hidden' } },
    }
    expect(startValue(row as Json, row as Json, () => 'k1')).toEqual({ id: 'k1' })
  })

  it('finds the key and the variant of a union', () => {
    expect(unionKey(union)).toBe('kind')
    expect(variantOf(union, 'kind', { kind: 'url' })).toBe(union[1])
    expect(variantOf(union, 'kind', undefined)).toBe(union[0])
  })

  it('shows a setting by its neighbour, or by the default of one that is not set', () => {
    const parent: FormSchema = { properties: { as: { default: 'date' } } }
    const schema: FormSchema = { showIf: { as: 'date' } }
    expect(isShown(schema, {}, parent)).toBe(true)
    expect(isShown(schema, { as: 'trim' }, parent)).toBe(false)
    expect(isShown({ widget: 'hidden' }, {}, parent)).toBe(false)
  })

  it('makes a title of a key', () => {
    expect(humanise('lastPurchase_at')).toBe('Last purchase at')
  })
})

describe('mapping rows', () => {
  it('suggests a row for each field not taken, named for its meaning', () => {
    const fields = [
      { name: 'E-Mail', type: 'text' as const, meaning: 'email' as const },
      { name: 'First Name', type: 'text' as const },
      { name: 'Old', type: 'text' as const },
    ]
    expect(suggestRows(fields, [{ to: 'x', from: 'Old' }])).toEqual([
      { to: 'email', from: 'E-Mail' },
      { to: 'first_name', from: 'First Name' },
    ])
  })

  it('takes the field that a new name means', () => {
    const fields = [
      { name: 'E-Mail', type: 'text' as const, meaning: 'email' as const },
      { name: 'First Name', type: 'text' as const },
    ]
    expect(fieldFor(fields, 'first_name')?.name).toBe('First Name')
    expect(fieldFor(fields, 'email')?.name).toBe('E-Mail')
    expect(fieldFor(fields, 'spent')).toBeUndefined()
    expect(fieldFor(fields, '')).toBeUndefined()
  })

  it('gives no two rows one name', () => {
    const fields = [
      { name: 'Mail', type: 'text' as const, meaning: 'email' as const },
      { name: 'Mail 2', type: 'text' as const, meaning: 'email' as const },
    ]
    expect(suggestRows(fields, []).map((row) => (row as { to: string }).to)).toEqual([
      'email',
      'mail_2',
    ])
  })

  it('changes where a value is taken from', () => {
    const row = withSource({ to: 'x', from: 'y', cast: 'text' }, 'template')
    expect(sourceOf(row)).toBe('template')
    expect(row).toEqual({ to: 'x', cast: 'text', template: ' ' })
  })

  it('writes names in snake case', () => {
    expect(snakeCase(' firstName (new) ')).toBe('first_name_new')
  })
})

describe('condition tree', () => {
  it('offers operators that suit the type', () => {
    expect(operatorsFor('boolean')).toEqual(['is_true', 'is_false', 'is_set', 'is_not_set'])
    expect(operatorsFor(undefined)).toContain('matches_pattern')
  })

  it.each([
    ['between', 'x', ['', '']],
    ['is_one_of', 'x', []],
    ['in_last_days', 'x', 30],
    ['equals', ['a'], ''],
    ['equals', 'kept', 'kept'],
    ['is_set', 'x', undefined],
  ] as const)('gives %s a value it can take', (operator, before, after) => {
    const value = typeof before === 'string' ? before : [...before]
    const rule = startOperand({ kind: 'rule', field: 'f', operator, value })
    expect(rule.value).toEqual(after)
  })

  it('reads whatever is stored', () => {
    expect(readGroup(null)).toEqual({ kind: 'group', match: 'all', rules: [] })
    expect(
      readGroup({ match: 'any', rules: [{ kind: 'group' }, { operator: 'odd' }] }).rules,
    ).toEqual([
      { kind: 'group', match: 'all', rules: [] },
      { kind: 'rule', field: '', operator: 'equals' },
    ])
  })
})
