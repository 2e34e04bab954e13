/** Reads the bits of one segment of a consent string, six to a letter. */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const VALUES = new Map([...ALPHABET].map((letter, value) => [letter, value]))

/** A part asks for more bits than there are. */
export class Unreadable extends Error {}

export interface Bits {
  take(width: number): number
  skip(width: number): void
}

/** Throws when more is asked for than there is. */
export function readBits(segment: string): Bits {
  let at = 0
  const end = segment.length * 6
  const skip = (width: number): void => {
    at += width
    if (at > end) throw new Unreadable()
  }
  return {
    skip,
    take(width) {
      const from = at
      skip(width)
      let value = 0
      for (let bit = from; bit < at; bit++) {
        const six = VALUES.get(segment.charAt(Math.floor(bit / 6))) ?? 0
        value = value * 2 + ((six >> (5 - (bit % 6))) & 1)
      }
      return value
    },
  }
}
