/** Finds where the elements of a JSON list begin and end, block by block, without parsing them. */

const QUOTE = 34
const COMMA = 44
const BACKSLASH = 92
const OPEN_LIST = 91
const CLOSE_LIST = 93
const OPEN_OBJECT = 123
const CLOSE_OBJECT = 125

export interface ElementScanner {
  /** Bytes of the file in order; `onEnd` gets the place of the sign after each element. */
  feed(block: Uint8Array, base: number, onEnd: (place: number) => void): void
  /** Whether the list was closed. */
  isClosed(): boolean
}

/** `depth` is 0 before the list, 1 within it: start with 1 for a part from inside the list. */
export function createElementScanner(startDepth: 0 | 1): ElementScanner {
  let depth: number = startDepth
  let quoted = false
  let escaped = false
  let closed = false
  return {
    isClosed: () => closed,
    feed(block, base, onEnd) {
      for (let i = 0; i < block.length && !closed; i++) {
        const byte = block[i]
        if (quoted) {
          if (escaped) escaped = false
          else if (byte === BACKSLASH) escaped = true
          else if (byte === QUOTE) quoted = false
        } else if (byte === QUOTE) quoted = true
        else if (byte === OPEN_LIST || byte === OPEN_OBJECT) depth++
        else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) {
          depth--
          closed = depth === 0
          if (closed) onEnd(base + i)
        } else if (byte === COMMA && depth === 1) onEnd(base + i)
      }
    },
  }
}
