/**
 * Items ⇄ bytes, for staged pages and for travel between threads. What one thread packed is handed on
 * as it is: the main thread stores a page without ever reading it.
 */
import { deflateSync, inflateSync } from 'node:zlib'
import { PAGE_ITEMS, type Item } from '../contract/item.ts'

export interface PackedItems {
  parts: PackedPart[]
}

export interface PackedPart {
  count: number
  /** A JSON list of items, compressed or not. */
  bytes: Uint8Array
}

/** A page as items, or packed for a journey. */
export type Page = Item[] | PackedItems

/** Compressed for the store; plain for a neighbouring thread. */
export type PackFor = 'store' | 'thread'

/** Records repeat their field names: the quickest level makes them several times smaller. */
const QUICK = { level: 1 }
/** First byte of what zlib writes; a list in JSON starts with a bracket. */
const COMPRESSED = 0x78
/** Characters of one part, so that no document grows too large for MongoDB. */
const PART_CHARS = 8 * 1024 * 1024

export const packText = (text: string): Uint8Array => deflateSync(text, QUICK)
export const unpackText = (bytes: Uint8Array): Buffer => inflateSync(bytes)

export function packItems(items: readonly Item[], goal: PackFor): PackedItems {
  const parts: PackedPart[] = []
  for (let start = 0; start < items.length; start += PAGE_ITEMS)
    parts.push(...packSome(items.slice(start, start + PAGE_ITEMS), goal))
  return { parts }
}

function packSome(items: readonly Item[], goal: PackFor): PackedPart[] {
  const text = JSON.stringify(items)
  if (text.length > PART_CHARS && items.length > 1) {
    const half = items.length >> 1
    return [...packSome(items.slice(0, half), goal), ...packSome(items.slice(half), goal)]
  }
  return [{ count: items.length, bytes: goal === 'store' ? packText(text) : Buffer.from(text) }]
}

export const unpackPart = ({ bytes }: PackedPart): Item[] => {
  const plain =
    bytes[0] === COMPRESSED
      ? unpackText(bytes)
      : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return JSON.parse(plain.toString()) as Item[]
}

export const countOf = (page: Page): number =>
  Array.isArray(page) ? page.length : page.parts.reduce((sum, { count }) => sum + count, 0)

export const itemsOf = (page: Page): Item[] =>
  Array.isArray(page) ? page : page.parts.flatMap(unpackPart)

export const packedOf = (page: Page, goal: PackFor): PackedItems =>
  Array.isArray(page) ? packItems(page, goal) : page

export function joinPages(first: Page | undefined, second: Page): Page {
  if (!first) return second
  if (Array.isArray(first) || Array.isArray(second)) return itemsOf(first).concat(itemsOf(second))
  return { parts: [...first.parts, ...second.parts] }
}
