import { afterAll, beforeAll, expect, test } from 'vitest'
import { testDatabase, type TestDatabase } from '../../test/support/test-database.ts'
import { createBlockStore, type BlockStore } from './blocks.ts'
import { NotFoundError } from './store-errors.ts'

let own: TestDatabase
let blocks: BlockStore
beforeAll(async () => {
  own = await testDatabase()
  blocks = createBlockStore(own.database)
})
afterAll(() => own.close())

const steps = (id: string) => ({
  nodes: [{ id, type: 'filter', version: 1, name: '', config: {}, position: { x: 0, y: 0 } }],
  wires: [],
})

test('keeps one block of a name, with its last steps, and lists by name', async () => {
  await blocks.save({ name: 'Tidy names', steps: steps('a'), by: 'Ann' })
  await blocks.save({ name: 'Clean email', steps: steps('b'), by: 'Ann' })
  await blocks.save({ name: 'Tidy names', steps: steps('c'), by: 'Ben' })
  const list = await blocks.list()
  expect(list.map(({ name, updatedBy }) => [name, updatedBy])).toEqual([
    ['Clean email', 'Ann'],
    ['Tidy names', 'Ben'],
  ])
  expect(list[1]?.steps.nodes[0]?.id).toBe('c')
})

test('deletes a block once', async () => {
  const { id } = await blocks.save({ name: 'Gone soon', steps: steps('a'), by: 'Ann' })
  expect(await blocks.remove(id)).toBe('Gone soon')
  await expect(blocks.remove(id)).rejects.toBeInstanceOf(NotFoundError)
})
