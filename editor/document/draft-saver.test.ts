import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createDraftSaver, type SaveResult, type SaveState } from './draft-saver.ts'
import type { FlowDocument } from './history.ts'

const documentOf = (name: string): FlowDocument => ({
  name,
  graph: { schemaVersion: 1, nodes: [], wires: [], settings: {} },
})

function setUp(answers: Array<SaveResult | Promise<SaveResult>>, theirs = documentOf('theirs')) {
  const saved: Array<[name: string, base: number]> = []
  const states: SaveState['kind'][] = []
  const copies: string[] = []
  const saver = createDraftSaver(
    { document: documentOf('start'), version: 1 },
    {
      save: async (document, base) => {
        saved.push([document.name, base])
        return (await answers.shift()) ?? { kind: 'saved', version: base + 1 }
      },
      readTheirs: async () => ({ document: theirs, version: 7 }),
      keepCopy: (document) => copies.push(document.name),
      dropCopy: () => copies.push('dropped'),
      onState: (state) => states.push(state.kind),
      now: () => 0,
    },
  )
  return { saver, saved, states, copies }
}

describe('createDraftSaver', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('saves once after a pause, with the base version, and drops the copy', async () => {
    const { saver, saved, copies } = setUp([])
    saver.changed(documentOf('a'))
    await vi.advanceTimersByTimeAsync(500)
    saver.changed(documentOf('ab'))
    await vi.advanceTimersByTimeAsync(800)
    expect(saved).toEqual([['ab', 1]])
    expect(copies).toEqual(['a', 'ab', 'dropped'])
    expect(saver.version()).toBe(2)
  })

  it('has one save at a time, and saves again what changed meanwhile', async () => {
    let finish: (result: SaveResult) => void = () => undefined
    const slow = new Promise<SaveResult>((resolve) => (finish = resolve))
    const { saver, saved, copies } = setUp([slow])
    saver.changed(documentOf('a'))
    await vi.advanceTimersByTimeAsync(800)
    saver.changed(documentOf('b'))
    await vi.advanceTimersByTimeAsync(5_000)
    expect(saved).toEqual([['a', 1]])
    finish({ kind: 'saved', version: 2 })
    await vi.advanceTimersByTimeAsync(1_000)
    expect(saved).toEqual([
      ['a', 1],
      ['b', 2],
    ])
    expect(copies.at(-1)).toBe('dropped')
  })

  it('keeps the copy and tries again while the server is away', async () => {
    const { saver, saved, states, copies } = setUp([{ kind: 'offline' }, { kind: 'offline' }])
    saver.changed(documentOf('a'))
    await vi.advanceTimersByTimeAsync(800 + 2_000 + 4_000)
    expect(saved).toHaveLength(3)
    expect(states).toContain('offline')
    expect(copies).toEqual(['a', 'dropped'])
  })

  it('stops at a conflict and keeps on mine when told so', async () => {
    const { saver, saved, states } = setUp([{ kind: 'conflict' }])
    saver.changed(documentOf('mine'))
    await vi.advanceTimersByTimeAsync(800)
    expect(states.at(-1)).toBe('conflict')
    saver.changed(documentOf('mine too'))
    await vi.advanceTimersByTimeAsync(5_000)
    expect(saved).toHaveLength(1)
    await saver.resolve('mine')
    expect(saved.at(-1)).toEqual(['mine too', 7])
  })

  it('goes on from theirs when told so', async () => {
    const { saver, saved } = setUp([{ kind: 'conflict' }])
    saver.changed(documentOf('mine'))
    await vi.advanceTimersByTimeAsync(800)
    await saver.resolve('theirs')
    expect(saver.version()).toBe(7)
    expect(saver.pending()).toBeUndefined()
    expect(saved).toHaveLength(1)
  })

  it('asks nothing when the other writing is the same', async () => {
    const { saver, states } = setUp([{ kind: 'conflict' }], documentOf('same'))
    saver.changed(documentOf('same'))
    await vi.advanceTimersByTimeAsync(800)
    expect(states.at(-1)).toBe('saved')
    expect(saver.version()).toBe(7)
  })

  it('has nothing pending once a change is taken back', () => {
    const { saver } = setUp([])
    saver.changed(documentOf('a'))
    expect(saver.pending()?.base).toBe(1)
    saver.changed(documentOf('start'))
    expect(saver.pending()).toBeUndefined()
  })
})
