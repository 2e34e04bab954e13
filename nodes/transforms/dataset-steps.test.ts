import { describe, expect, it } from 'vitest'
import type { DatasetOutput } from '../../engine/contract/node.ts'
import { itemsOf, runDataset } from '../../test/support/node-context.ts'
import { aggregate } from './aggregate.ts'
import { deduplicate } from './deduplicate.ts'
import { join } from './join.ts'

const leaving = (outputs: DatasetOutput[], port = 'out') =>
  outputs.flatMap((output) =>
    output.kind === 'out' && (output.port ?? 'out') === port
      ? output.items.map(({ fields }) => fields)
      : [],
  )
const dropped = (outputs: DatasetOutput[], reason: string) =>
  outputs.reduce(
    (sum, output) => sum + (output.kind === 'drop' && output.reason === reason ? output.count : 0),
    0,
  )

describe('remove duplicates', () => {
  it('keeps the earliest across pages, the first of equal ones', async () => {
    const pages = [
      itemsOf([{ k: 'a', at: '2026-01-03', n: 1 }]),
      itemsOf([
        { k: 'a', at: '2026-01-01', n: 2 },
        { k: 'a', at: '2026-01-01', n: 3 },
        { k: 'b', n: 4 },
        { n: 5 },
      ]),
    ]
    const outputs = await runDataset(
      deduplicate,
      { fields: ['k'], keep: 'earliest', timeField: 'at' },
      { in: pages },
    )
    expect(leaving(outputs).map(({ n }) => n)).toEqual([2, 4, 5])
    expect(dropped(outputs, 'duplicate')).toBe(2)
  })

  it('does not take ("a", "b c") for ("a b", "c")', async () => {
    const page = itemsOf([
      { x: 'a', y: 'b c' },
      { x: 'a b', y: 'c' },
    ])
    expect(
      leaving(await runDataset(deduplicate, { fields: ['x', 'y'] }, { in: [page] })),
    ).toHaveLength(2)
  })

  it.each([
    [{}, 'Choose at least one field.'],
    [
      { fields: ['a'], keep: 'latest' },
      'Choose the field that tells which record is the latest one.',
    ],
  ])('says what is missing in %j', (config, message) => {
    expect(() => deduplicate.parse(config)).toThrow(message)
  })
})

describe('summarise', () => {
  it('measures by fields, with times deciding first and last', async () => {
    const measures = [
      'count',
      'sum',
      'average',
      'min',
      'max',
      'first',
      'last',
      'distinct',
      'list',
    ].map((measure) => ({ to: measure, measure, field: 'v' }))
    const page = itemsOf([
      { shop: 'x', v: 3, at: '2026-01-02' },
      { shop: 'x', v: '1', at: '2026-01-03' },
      { shop: 'x', v: 3, at: '2026-01-01' },
      { shop: 'x' },
      { v: 9 },
    ])
    const outputs = await runDataset(
      aggregate,
      { by: 'fields', fields: ['shop'], measures, timeField: 'at' },
      { in: [page] },
    )
    expect(leaving(outputs)).toEqual([
      {
        shop: 'x',
        count: 3,
        sum: 7,
        average: 2.333333,
        min: '1',
        max: 3,
        first: 3,
        last: '1',
        distinct: 2,
        list: [3, '1'],
      },
    ])
    expect([dropped(outputs, 'grouped'), dropped(outputs, 'no_group')]).toEqual([3, 1])
  })

  it('gives a group the same id whatever the order, and keeps the person', async () => {
    const config = { measures: [{ to: 'n', measure: 'count' }] }
    const rows = itemsOf([
      { profileId: 'p1', a: 1 },
      { profileId: 'p1', a: 2 },
    ])
    const ids = await Promise.all(
      [rows, [...rows].reverse()].map(async (page) => {
        const [, , output] = await runDataset(aggregate, config, { in: [page] })
        return output?.kind === 'out'
          ? output.items.map(({ id, profileId }) => [id, profileId])
          : []
      }),
    )
    expect(ids[0]).toEqual(ids[1])
    expect(ids[0]?.[0]?.[1]).toBe('p1')
  })

  it('refuses two results of the same name', () => {
    const row = { to: 'n', measure: 'count' }
    expect(() => aggregate.parse({ measures: [row, row] })).toThrow('is used twice')
  })
})

describe('look up', () => {
  const lookup = [
    itemsOf([
      { sku: 'A', name: 'Apple', price: 1 },
      { sku: 'a', name: 'Second' },
    ]),
  ]
  const records = [itemsOf([{ item: 'a', price: 9 }, { item: 'a' }, { item: 'zzz' }, {}])]
  const keys = [{ field: 'item', lookupField: 'sku' }]
  const run = (config: Record<string, string | string[]>) =>
    runDataset(join, { keys, ...config }, { in: records, lookup })

  it('adds what the record lacks, and counts the table as used', async () => {
    const outputs = await run({ take: ['name', 'price'] })
    expect(leaving(outputs)).toEqual([
      { item: 'a', price: 9, name: 'Apple' },
      { item: 'a', price: 1, name: 'Apple' },
      { item: 'zzz' },
      {},
    ])
    expect(dropped(outputs, 'used_for_lookup')).toBe(2)
  })

  it('puts a prefix before the names', async () => {
    expect(leaving(await run({ take: ['price'], prefix: 'list_' }))[0]).toEqual({
      item: 'a',
      price: 9,
      list_price: 1,
    })
  })

  it('drops or parts the records without a match', async () => {
    expect(dropped(await run({ unmatched: 'drop' }), 'no_match')).toBe(2)
    expect(leaving(await run({ unmatched: 'other' }), 'other')).toEqual([{ item: 'zzz' }, {}])
  })
})
