import { afterAll, beforeAll, expect, test } from 'vitest'
import { testDatabase, type TestDatabase } from '../../test/support/test-database.ts'
import { flowGraphSchema } from '../contract/flow.ts'
import type { Problem } from '../contract/problem.ts'
import { createFlowStore, type FlowStore } from './flows.ts'
import { ConflictError, NotFoundError, ProblemsError } from './store-errors.ts'

let own: TestDatabase
let flows: FlowStore
beforeAll(async () => {
  own = await testDatabase()
  flows = createFlowStore(own.database)
})
afterAll(() => own.close())

const by = 'Ann'
const graph = (...ids: string[]) =>
  flowGraphSchema.parse({
    nodes: ids.map((id) => ({ id, type: 'csv_file', version: 1, config: { $where: 'kept' } })),
    wires: [],
  })
const sound = () => ({ problems: [] })

test('saves a draft over the version it was made from', async () => {
  const made = await flows.create({ name: 'A', by })
  const saved = await flows.writeDraft(made.id, { base: 1, name: 'B', graph: graph('a'), by })
  expect(saved).toMatchObject({ name: 'B', draftVersion: 2, steps: 1, draftAhead: true })
  expect((await flows.read(made.id)).draft.nodes[0]?.config).toEqual({ $where: 'kept' })
})

test('lets one of two editors who save at once win, and hands the other what is stored', async () => {
  const { id } = await flows.create({ name: 'A', by })
  const writes = ['x', 'y', 'z'].map((node) =>
    flows.writeDraft(id, { base: 1, name: 'A', graph: graph(node), by: node }),
  )
  const results = await Promise.allSettled(writes)
  const won = results.flatMap((r) => (r.status === 'fulfilled' ? [r.value] : []))
  const lost = results.flatMap((r) => (r.status === 'rejected' ? [r.reason as unknown] : []))
  expect(won).toHaveLength(1)
  expect(lost).toHaveLength(2)
  for (const error of lost) {
    expect(error).toBeInstanceOf(ConflictError)
    expect((error as ConflictError).current).toEqual(won[0])
  }
})

test('raises no version when nothing changed, even from a stale base', async () => {
  const { id } = await flows.create({ name: 'A', graph: graph('a'), by })
  await flows.writeDraft(id, { base: 1, name: 'A', graph: graph('b'), by })
  const same = await flows.writeDraft(id, { base: 1, name: 'A', graph: graph('b'), by: 'Bob' })
  expect(same).toMatchObject({ draftVersion: 2, updatedBy: by })
})

test('freezes what is published, and tells by content whether the draft is ahead', async () => {
  const { id } = await flows.create({ name: 'A', graph: graph('a'), by })
  const first = await flows.publish(id, { base: 1, note: 'first', by, analyse: sound })
  expect(first).toMatchObject({ version: 1, note: 'first' })
  await flows.writeDraft(id, { base: 1, name: 'A', graph: graph('b'), by })
  expect(await flows.read(id)).toMatchObject({ draftAhead: true, published: 1 })
  expect((await flows.readVersion(id, 1)).graph).toEqual(graph('a'))
  await flows.writeDraft(id, { base: 2, name: 'A', graph: graph('a'), by })
  expect((await flows.read(id)).draftAhead).toBe(false)
})

test('makes one version when publishing is asked for many times at once', async () => {
  const { id } = await flows.create({ name: 'A', graph: graph('a'), by })
  const all = await Promise.all(
    Array.from({ length: 5 }, () => flows.publish(id, { base: 1, by, analyse: sound })),
  )
  expect(all.map(({ version }) => version)).toEqual([1, 1, 1, 1, 1])
  expect(await flows.listVersions(id, 10)).toHaveLength(1)
})

test('refuses to publish errors and stale drafts, but not warnings', async () => {
  const { id } = await flows.create({ name: 'A', graph: graph('a'), by })
  const problem = (severity: Problem['severity']): Problem => ({
    code: 'cycle',
    severity,
    message: 'These steps feed each other.',
    fix: 'Delete a wire.',
  })
  const analyse = () => ({ problems: [problem('error')] })
  await expect(flows.publish(id, { base: 1, by, analyse })).rejects.toBeInstanceOf(ProblemsError)
  await expect(flows.publish(id, { base: 7, by, analyse: sound })).rejects.toBeInstanceOf(
    ConflictError,
  )
  expect((await flows.read(id)).published).toBeUndefined()
  const warned = await flows.publish(id, {
    base: 1,
    by,
    analyse: () => ({ problems: [problem('warning')] }),
  })
  expect(warned.version).toBe(1)
})

test('lists page by page without losing or repeating one', async () => {
  await own.database.collection('flows').deleteMany({})
  const same = new Date()
  for (let i = 0; i < 7; i++) await flows.create({ name: `F${i}`, by })
  await own.database.collection('flows').updateMany({}, { $set: { updatedAt: same } })
  const seen: string[] = []
  let page = await flows.list(3)
  while (page.length > 0) {
    seen.push(...page.map(({ id }) => id))
    page = await flows.list(3, { updatedAt: same, id: seen.at(-1) ?? '' })
  }
  expect(new Set(seen).size).toBe(7)
  expect(seen).toHaveLength(7)
})

test('forgets a deleted flow with its versions', async () => {
  const { id } = await flows.create({ name: 'A', graph: graph('a'), by })
  await flows.publish(id, { base: 1, by, analyse: sound })
  await flows.remove(id)
  await expect(flows.read(id)).rejects.toBeInstanceOf(NotFoundError)
  await expect(flows.readVersion(id, 1)).rejects.toBeInstanceOf(NotFoundError)
  await expect(flows.remove(id)).rejects.toBeInstanceOf(NotFoundError)
})
