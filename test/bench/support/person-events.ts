/** Input of profile building: events of people in random order, each naming two of three identifiers. */
import type { FlowGraph, FlowNode } from '../../../engine/contract/flow.ts'
import type { Fields } from '../../../engine/contract/json.ts'
import { createRandom } from '../../support/random.ts'
import { writeEvents } from './write-events.ts'

const SEED = 580
/** A million events are of 200,000 people. */
export const EVENTS_PER_PERSON = 5

export interface PersonEvent extends Fields {
  id: string
  event: string
  time: string
  city: string
}

/** Field of each kind of identifier, strongest first. */
export const IDENTIFIERS = [
  ['email', 'email'],
  ['loyalty_id', 'card'],
  ['device_id', 'device'],
] as const

/** Writes the events, and gives the number of people that any of them is about. */
export async function writePersonEvents(file: string, count: number): Promise<number> {
  const random = createRandom(SEED)
  const people = Math.max(1, Math.ceil(count / EVENTS_PER_PERSON))
  const seen = new Set<number>()
  await writeEvents(file, count, (i): PersonEvent => {
    const person = random.below(people)
    seen.add(person)
    const values: Fields = {
      email: `customer.${person}@shop-${person % 97}.example.com`,
      card: `L-${String(person * 7 + 13).padStart(10, '0')}`,
      device: `d${(person * 2_654_435_761).toString(36)}`,
    }
    const left = random.pick(['email', 'card', 'device'])
    return {
      id: `evt-${String(i).padStart(9, '0')}`,
      event: random.pick(['Order Completed', 'Product Viewed', 'Cart Updated']),
      time: new Date(1_767_225_600_000 + i * 250).toISOString(),
      ...Object.fromEntries(Object.entries(values).filter(([name]) => name !== left)),
      amount: random.below(50_000) / 100,
      page: `https://shop.example.com/products/${random.below(1_000_000)}`,
      city: random.pick(['Lisbon', 'Berlin', 'Ghent', 'Turin']),
    }
  })
  return seen.size
}

const node = (id: string, type: string, config: FlowNode['config']): FlowNode => ({
  ...{ id, type, version: 1, name: '', config },
  position: { x: 0, y: 0 },
})

const wire = (from: string, to: string) => ({
  id: `${from}-${to}`,
  from: { node: from, port: 'out' },
  to: { node: to, port: 'in' },
})

/** Events → identity match → profiles with their events. */
export const profileFlow = (file: string): FlowGraph => ({
  schemaVersion: 1,
  nodes: [
    node('events', 'ndjson_file', { origin: { kind: 'folder', path: file } }),
    node('match', 'identity_match', {
      identifiers: IDENTIFIERS.map(([type, field]) => ({ type, field })),
    }),
    node('profile', 'write_profile', {
      traits: [
        { field: 'email', trait: 'email' },
        { field: 'city', trait: 'city' },
      ],
      timeField: 'time',
      events: true,
      eventField: 'event',
      messageIdField: 'id',
    }),
  ],
  wires: [wire('events', 'match'), wire('match', 'profile')],
  settings: {},
})
