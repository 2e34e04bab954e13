/** Items ⇄ bytes, for staged pages and for travel between threads. */
import type { Item } from '../contract/item.ts'

export const encodeItems = (items: readonly Item[]): Buffer => Buffer.from(JSON.stringify(items))

export const decodeItems = (bytes: Uint8Array): Item[] =>
  JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString()) as Item[]
