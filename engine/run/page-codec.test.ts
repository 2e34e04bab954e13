/** Items survive the journey through bytes, whatever they hold and however many they are. */
import { describe, expect, it } from 'vitest'
import type { Item } from '../contract/item.ts'
import { countOf, itemsOf, joinPages, packItems, packText, unpackText } from './page-codec.ts'

const items = (count: number, value = 'Zoë 王 😀'): Item[] =>
  Array.from({ length: count }, (_, i) => ({
    id: `source:${i}`,
    source: 'Shop',
    fields: { value, n: i, nothing: null, list: [1, { a: 'b' }] },
  }))

describe('packed items', () => {
  it.each(['store', 'thread'] as const)('come back as they were, packed for the %s', (goal) => {
    const given = items(7)
    expect(itemsOf(packItems(given, goal))).toEqual(given)
  })

  it('are counted without being read', () => {
    expect(countOf(packItems(items(12_001), 'store'))).toBe(12_001)
    expect(countOf(packItems([], 'thread'))).toBe(0)
  })

  it('keep every document far below what MongoDB takes, however large records are', () => {
    const packed = packItems(items(40, 'x'.repeat(1_000_000)), 'thread')
    expect(countOf(packed)).toBe(40)
    expect(Math.max(...packed.parts.map(({ bytes }) => bytes.length))).toBeLessThan(9_000_000)
  })

  it('join in order, packed or not', () => {
    const [a, b] = [items(3), items(2, 'later')]
    expect(itemsOf(joinPages(packItems(a, 'store'), packItems(b, 'thread')))).toEqual([...a, ...b])
    expect(itemsOf(joinPages(packItems(a, 'store'), b))).toEqual([...a, ...b])
    expect(joinPages(undefined, b)).toBe(b)
  })

  it('shrink text and give it back', () => {
    const text = 'email,Zoë\r\n'.repeat(1_000)
    const packed = packText(text)
    expect(packed.length).toBeLessThan(text.length / 10)
    expect(unpackText(packed).toString()).toBe(text)
  })
})
