/** What a hop made, packed for the store or the next hop by the thread that made it. */
import { packItems, packText, type Page } from './page-codec.ts'
import type { HopInput, HopResult } from './run-hop.ts'

export interface PackedText {
  /** Length of the plain text. */
  bytes: number
  data: Uint8Array
}

export interface PackedResult extends Omit<HopResult, 'leaving' | 'written'> {
  leaving: Record<string, Page>
  written: Record<string, PackedText>
}

export function packResult(
  { leaving, written, ...rest }: HopResult,
  { stored }: Pick<HopInput, 'stored'>,
): PackedResult {
  const pages = Object.entries(leaving).map(([wireId, items]) => [
    wireId,
    packItems(items, stored.includes(wireId) ? 'store' : 'thread'),
  ])
  const texts = Object.entries(written).map(([nodeId, text]) => [
    nodeId,
    { bytes: Buffer.byteLength(text), data: packText(text) },
  ])
  return {
    ...rest,
    leaving: Object.fromEntries(pages) as PackedResult['leaving'],
    written: Object.fromEntries(texts) as PackedResult['written'],
  }
}
