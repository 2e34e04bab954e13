/** Input of the pure flow: events of about 300 bytes, a fifth of them without consent. */
import type { Fields } from '../../../engine/contract/json.ts'
import type { FlowGraph, FlowNode } from '../../../engine/contract/flow.ts'
import { createRandom } from '../../support/random.ts'
import { writeEvents } from './write-events.ts'

const SEED = 20_260
const PEOPLE = 250_000

export function writeConsentEvents(file: string, count: number): Promise<void> {
  const random = createRandom(SEED)
  return writeEvents(file, count, (i): Fields => {
    const person = random.below(PEOPLE)
    return {
      id: `evt-${String(i).padStart(9, '0')}`,
      event: random.pick(['Order Completed', 'Product Viewed', 'Cart Updated']),
      time: new Date(1_767_225_600_000 + i * 250).toISOString(),
      email: `  Customer.${person}@Shop-${person % 97}.Example.COM `,
      consent: random.below(5) === 0 ? 'no' : 'yes',
      amount: random.below(50_000) / 100,
      currency: 'EUR',
      page: `https://shop.example.com/products/${random.below(1_000_000)}?ref=newsletter`,
      city: random.pick(['Lisbon', 'Berlin', 'Ghent', 'Turin']),
    }
  })
}

const node = (id: string, type: string, config: FlowNode['config']): FlowNode => ({
  id,
  type,
  version: 1,
  name: '',
  config,
  position: { x: 0, y: 0 },
})

const wire = (from: string, to: string) => ({
  id: `${from}-${to}`,
  from: { node: from, port: 'out' },
  to: { node: to, port: 'in' },
})

/** Events → trim and lower-case the address → drop without consent → NDJSON. */
export const consentFlow = (file: string): FlowGraph => ({
  schemaVersion: 1,
  nodes: [
    node('events', 'ndjson_file', { origin: { kind: 'folder', path: file } }),
    node('clean', 'normalise', { rows: [{ field: 'email', as: 'lower' }] }),
    node('consent', 'consent_filter', {
      purposes: ['email_marketing'],
      lookAt: 'record',
      fields: [{ purpose: 'email_marketing', field: 'consent', granted: 'yes' }],
    }),
    node('file', 'file_export', {
      format: 'ndjson',
      name: 'consented',
      purposes: ['email_marketing'],
    }),
  ],
  wires: [wire('events', 'clean'), wire('clean', 'consent'), wire('consent', 'file')],
  settings: {},
})
