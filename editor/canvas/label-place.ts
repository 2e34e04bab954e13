/** Where a wire carries its number: in its middle, or near its start when it is long, so that numbers
 *  of wires that cross do not meet. Pure. */
export interface WireEnds {
  sourceX: number
  sourceY: number
  targetX: number
  targetY: number
}

/** Canvas pixels from the start of a long wire. */
const FROM_START = 64

/** Follows the curve the canvas library draws from a right port to a left one. */
export function labelPlace({ sourceX, sourceY, targetX, targetY }: WireEnds): {
  x: number
  y: number
} {
  const length = Math.hypot(targetX - sourceX, targetY - sourceY)
  const t = Math.min(0.5, (FROM_START * 1.2) / Math.max(1, length))
  const across = targetX - sourceX
  const reach = across >= 0 ? 0.5 * across : 0.25 * 25 * Math.sqrt(-across)
  return {
    x: bezier(t, sourceX, sourceX + reach, targetX - reach, targetX),
    y: bezier(t, sourceY, sourceY, targetY, targetY),
  }
}

const bezier = (t: number, a: number, b: number, c: number, d: number): number =>
  (1 - t) ** 3 * a + 3 * (1 - t) ** 2 * t * b + 3 * (1 - t) * t ** 2 * c + t ** 3 * d
