/** Swaps neighbours of a column while that takes crossings of wires away; knows where ports sit. Pure. */
import type { Place } from './edit-graph.ts'

/** A wire between two cards, and how far below the cards' tops its ports are. */
export interface PortWire {
  from: string
  to: string
  fromOffset: number
  toOffset: number
}

const ROUNDS = 12

interface Drawing {
  places: Record<string, Place>
  heights: ReadonlyMap<string, number>
  touching: Touching
}

/** New places; columns keep their x. */
export function untangle(
  places: Readonly<Record<string, Place>>,
  wires: readonly PortWire[],
  heights: ReadonlyMap<string, number>,
): Record<string, Place> {
  const now = { ...places }
  const columns = columnsOf(now)
  const drawing: Drawing = { places: now, heights, touching: wiresByCard(wires) }
  for (let round = 0; round < ROUNDS; round++) {
    let swapped = false
    for (const column of columns) swapped = sortColumn(column, drawing) || swapped
    if (!swapped) break
  }
  return now
}

function columnsOf(places: Readonly<Record<string, Place>>): string[][] {
  const columns = new Map<number, string[]>()
  for (const [id, { x }] of Object.entries(places)) columns.set(x, [...(columns.get(x) ?? []), id])
  return [...columns.values()].filter((column) => column.length > 1)
}

type Touching = ReadonlyMap<string, { into: PortWire[]; out: PortWire[] }>

function wiresByCard(wires: readonly PortWire[]): Touching {
  const found = new Map<string, { into: PortWire[]; out: PortWire[] }>()
  const at = (id: string) => {
    const known = found.get(id) ?? { into: [], out: [] }
    found.set(id, known)
    return known
  }
  for (const wire of wires) {
    at(wire.from).out.push(wire)
    at(wire.to).into.push(wire)
  }
  return found
}

function sortColumn(column: string[], drawing: Drawing): boolean {
  const { places } = drawing
  let swapped = false
  column.sort((a, b) => (places[a]?.y ?? 0) - (places[b]?.y ?? 0))
  for (let i = 0; i + 1 < column.length; i++) {
    const [upper, lower] = [column[i] ?? '', column[i + 1] ?? '']
    const before = crossings(upper, lower, drawing)
    if (before === 0) continue
    swap(drawing, upper, lower)
    if (crossings(lower, upper, drawing) < before) {
      column.splice(i, 2, lower, upper)
      swapped = true
    } else swap(drawing, lower, upper)
  }
  return swapped
}

/** Both stay within the room they had together, whatever their heights. */
function swap({ places, heights }: Drawing, upper: string, lower: string): void {
  const [one, two] = [places[upper], places[lower]]
  if (!one || !two) return
  const taller = (heights.get(lower) ?? 0) - (heights.get(upper) ?? 0)
  places[upper] = { x: one.x, y: two.y + taller }
  places[lower] = { x: two.x, y: one.y }
}

/** Pairs of wires of the two cards that cross, when `upper` is above `lower`. */
function crossings(upper: string, lower: string, { places, touching }: Drawing): number {
  const [above, below] = [touching.get(upper), touching.get(lower)]
  const start = (wire: PortWire) => (places[wire.from]?.y ?? 0) + wire.fromOffset
  const end = (wire: PortWire) => (places[wire.to]?.y ?? 0) + wire.toOffset
  return (
    inverted(above?.into ?? [], below?.into ?? [], start) +
    inverted(above?.out ?? [], below?.out ?? [], end)
  )
}

function inverted(
  upper: readonly PortWire[],
  lower: readonly PortWire[],
  heightOf: (wire: PortWire) => number,
): number {
  let count = 0
  for (const a of upper) for (const b of lower) if (heightOf(a) > heightOf(b)) count++
  return count
}
