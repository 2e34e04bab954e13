/** One hop in memory: what goes in comes out in order, counted once, whatever its size. */
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { outTotal } from '../contract/counts.ts'
import type { Item } from '../contract/item.ts'
import { drop, out } from '../contract/item.ts'
import { defineNode } from '../contract/node.ts'
import { compilePlan } from '../flow/compile-plan.ts'
import { createTools } from './node-context.ts'
import { createRegistry } from './registry.ts'
import { hopOf, runHop } from './run-hop.ts'

const pages: number[] = []

const evens = defineNode({
  type: 'evens',
  version: 1,
  role: 'transform',
  title: 'Evens',
  summary: 'Keeps even numbers.',
  config: z.strictObject({}),
  drops: { odd: 'The number is odd.' },
  run: (page) => {
    pages.push(page.length)
    return page.map((item) => (Number(item.fields['n']) % 2 === 0 ? out(item) : drop('odd')))
  },
  examples: [],
})

/** The same with a service, so that it runs beside the store. */
const evensWithService = defineNode({
  type: 'evens_with_service',
  version: 1,
  role: 'transform',
  title: 'Evens',
  summary: 'Keeps even numbers.',
  config: z.strictObject({}),
  uses: ['profiles'],
  run: (page) => {
    pages.push(page.length)
    return page.map((item) => out(item))
  },
  examples: [],
})

const types = createRegistry([evens, evensWithService]).types

function hop(type: string) {
  const node = (id: string) => ({
    ...{ id, type, version: 1, name: '', config: {} },
    position: { x: 0, y: 0 },
  })
  const wire = (from: string, to: string) => ({
    id: `${from}-${to}`,
    from: { node: from, port: 'out' },
    to: { node: to, port: 'in' },
  })
  // Two ways from a to d: what fans out comes together again.
  const graph = {
    schemaVersion: 1 as const,
    nodes: ['a', 'b', 'c', 'd', 'e'].map(node),
    wires: [wire('a', 'b'), wire('a', 'c'), wire('b', 'd'), wire('c', 'd'), wire('d', 'e')],
    settings: {},
  }
  const plan = compilePlan({ flowId: 'f', flowVersion: 1, graph, registry: types })
  const stage = plan.stages[0] ?? expect.fail('no stage')
  const inner = stage.inner.filter(({ id }) => id !== 'd-e')
  const placement = type === 'evens' ? ('thread' as const) : ('main' as const)
  // As if e stood in a later stage: its items leave.
  const cut = {
    ...stage,
    nodes: stage.nodes.filter(({ node: { id } }) => id !== 'e'),
    inner,
    outputs: stage.inner.filter(({ id }) => id === 'd-e'),
  }
  const scope = { ...{ runId: 'r', flowId: 'f', flowVersion: 1, graph }, mode: 'run' as const }
  const tools = createTools({
    scope: { ...scope, now: '2026-01-01T00:00:00.000Z' },
    types,
    signal: new AbortController().signal,
  })
  return (inbox: Record<string, Item[]>) => runHop({ ...hopOf(cut, 0, placement), inbox }, tools)
}

const items = (count: number): Item[] =>
  Array.from({ length: count }, (_, n) => ({ id: `s:${n}`, source: 'S', fields: { n } }))

describe('a hop', () => {
  it.each([1, 499, 500, 501, 5_000, 5_003])('keeps order and counts of %i items', async (count) => {
    const { counts, leaving } = await hop('evens')({ a: items(count) })
    const even = Math.ceil(count / 2)
    expect(counts['a']).toMatchObject({ in: count, out: { out: even } })
    expect(outTotal(counts['a'] ?? expect.fail())).toBe(even)
    expect(counts['d']).toMatchObject({ in: even * 2, out: { out: even * 2 }, dropped: {} })
    const left = (leaving['d-e'] ?? []).map(({ fields }) => Number(fields['n']))
    expect(left).toHaveLength(even * 2)
    for (const way of [0, 1]) {
      const seen = new Map<number, number>()
      const nth = left.filter((n) => {
        seen.set(n, (seen.get(n) ?? 0) + 1)
        return seen.get(n) === way + 1
      })
      expect(nth).toEqual([...nth].sort((x, y) => x - y))
    }
  })

  it('gives pure steps few items at a time, and steps with services the whole page', async () => {
    pages.length = 0
    await hop('evens')({ a: items(1_200) })
    expect(Math.max(...pages)).toBeLessThanOrEqual(1_000)
    pages.length = 0
    await hop('evens_with_service')({ a: items(1_200), b: items(10) })
    expect(pages).toEqual([1_200, 1_210, 1_200, 2_410])
  })

  it('leaves the pages it was given as they were', async () => {
    const given = items(3)
    await hop('evens')({ a: given, d: given })
    expect(given).toHaveLength(3)
  })
})
