/** Lines a moved card comes to rest on: edges and middles of the others. Pure. */
export interface Box {
  x: number
  y: number
  width: number
  height: number
}

export interface Alignment {
  /** Where the card rests; the place asked for when nothing is near. */
  x: number
  y: number
  /** Lines to draw, in canvas pixels. */
  vertical?: number
  horizontal?: number
}

/** Others further away than this are not lined up with; keeps far cards from pulling. */
const REACH = 1_600

export function alignTo(moving: Box, others: readonly Box[], tolerance: number): Alignment {
  const near = others.filter(
    (box) => Math.abs(box.x - moving.x) < REACH && Math.abs(box.y - moving.y) < REACH,
  )
  const across = nearestLine(stops(moving.x, moving.width), near.map(xStops), tolerance)
  const down = nearestLine(stops(moving.y, moving.height), near.map(yStops), tolerance)
  return {
    x: moving.x + (across?.shift ?? 0),
    y: moving.y + (down?.shift ?? 0),
    ...(across ? { vertical: across.at } : {}),
    ...(down ? { horizontal: down.at } : {}),
  }
}

type Stops = readonly [start: number, middle: number, end: number]
const stops = (from: number, size: number): Stops => [from, from + size / 2, from + size]
const xStops = (box: Box): Stops => stops(box.x, box.width)
const yStops = (box: Box): Stops => stops(box.y, box.height)

function nearestLine(
  own: Stops,
  others: readonly Stops[],
  tolerance: number,
): { at: number; shift: number } | undefined {
  let best: { at: number; shift: number } | undefined
  for (const other of others)
    for (const [i, mine] of own.entries()) {
      const at = other[i]
      if (at === undefined) continue
      const shift = at - mine
      if (Math.abs(shift) <= tolerance && Math.abs(shift) < Math.abs(best?.shift ?? Infinity))
        best = { at, shift }
    }
  return best
}
