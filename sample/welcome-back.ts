/** The sample flow *Welcome back*: five files, one person per profile, a mail list of lapsed buyers. */
import type { FlowGraph, FlowNode } from '../engine/contract/flow.ts'
import type { Json } from '../engine/contract/json.ts'
import type { FileView } from '../engine/contract/api/files.ts'
import type { SampleKind } from './generate.ts'

/** Uploaded files of the sample, by kind. */
export type SampleUploads = Record<SampleKind, FileView>

type Config = Record<string, Json>

const COLUMN = 320
const ROW = 150

function node(id: string, type: string, options: Placed): FlowNode {
  const { name, config, at } = options
  const [column, row] = at
  return { id, type, version: 1, name, config, position: { x: column * COLUMN, y: row * ROW } }
}

interface Placed {
  name: string
  config: Config
  /** Column and row on the canvas. */
  at: [number, number]
}

const source = (file: FileView, sourceName: string): Config => ({
  origin: { kind: 'upload', file: { id: file.id, name: file.name } },
  sourceName,
  columns: file.detected.columns.map(({ samples: _, ...column }) => column as unknown as Json),
})

/** Maps `to ← from`; a trailing `:cast` on `from` casts. */
const mapping = (rows: Record<string, string>, constants: Record<string, string> = {}): Config => ({
  rows: [
    ...Object.entries(rows).map(([to, from]) => {
      const [field, cast] = from.split(':')
      return { to, from: field ?? '', ...(cast === undefined ? {} : { cast }) }
    }),
    ...Object.entries(constants).map(([to, constant]) => ({ to, constant })),
  ],
})

const wire = (from: string, to: string) => ({
  id: `${from}-${to}`,
  from: { node: from, port: 'out' },
  to: { node: to, port: 'in' },
})

const rule = (field: string, operator: string, value?: Json) => ({
  kind: 'rule',
  field,
  operator,
  ...(value === undefined ? {} : { value }),
})

const ALL = (...rules: Json[]): Json => ({ kind: 'group', match: 'all', rules })

export function welcomeBack(files: SampleUploads): FlowGraph {
  const date = (field: string, dateFormat = '') => ({ field, as: 'date', dateFormat })
  // Sources on the left; what all of them go through on the right, row by row as a page is read.
  const nodes = [
    node('contacts', 'csv_file', {
      name: 'CRM contacts',
      config: source(files.contacts, 'CRM'),
      at: [0, 0],
    }),
    node('orders', 'csv_file', {
      name: 'Web orders',
      config: source(files.orders, 'Web shop'),
      at: [0, 1],
    }),
    node('receipts', 'csv_file', {
      name: 'Store receipts',
      config: source(files.receipts, 'Stores'),
      at: [0, 2],
    }),
    node('newsletter', 'ndjson_file', {
      name: 'Newsletter events',
      config: source(files.newsletter, 'Newsletter'),
      at: [0, 4],
    }),
    node('consents', 'csv_file', {
      name: 'Consent export',
      config: source(files.consents, 'Consent tool'),
      at: [0, 3],
    }),

    node('map_contacts', 'map_fields', {
      name: 'Contact fields',
      config: mapping({
        email: 'email',
        phone: 'phone',
        country: 'country',
        loyalty_id: 'loyalty_id',
        first_name: 'first_name',
        last_name: 'last_name',
        birth_date: 'birth_date',
        city: 'city',
        at: 'created',
      }),
      at: [1, 0],
    }),
    node('map_orders', 'map_fields', {
      name: 'Order fields',
      config: mapping(
        {
          email: 'email',
          user_id: 'customer_account_id',
          anonymous_id: 'anonymous_id',
          order_id: 'order_id',
          at: 'order_time',
          amount: 'total:number',
          status: 'status',
        },
        { event: 'Order Completed' },
      ),
      at: [1, 1],
    }),
    node('map_receipts', 'map_fields', {
      name: 'Receipt fields',
      config: mapping(
        {
          loyalty_id: 'loyalty_id',
          phone: 'phone',
          country: 'country',
          order_id: 'receipt_id',
          at: 'time',
          amount: 'total:number',
        },
        { event: 'Store Purchase', status: 'paid' },
      ),
      at: [1, 2],
    }),
    node('map_newsletter', 'map_fields', {
      name: 'Newsletter fields',
      config: mapping({
        email: 'context.traits.email',
        user_id: 'userId',
        anonymous_id: 'anonymousId',
        order_id: 'messageId',
        at: 'timestamp',
        event: 'event',
      }),
      at: [1, 4],
    }),
    node('map_consents', 'map_fields', {
      name: 'Consent fields',
      config: mapping({
        email: 'email',
        purpose: 'purpose',
        choice: 'state',
        notice: 'notice_version',
        at: 'time',
      }),
      at: [1, 3],
    }),
    node('unsubscribed', 'filter', {
      name: 'Unsubscribed only',
      config: { condition: ALL(rule('event', 'equals', 'Unsubscribed')) },
      at: [2, 5],
    }),
    node('map_unsubscribed', 'map_fields', {
      name: 'Unsubscribed is a withdrawal',
      config: {
        rows: [
          { to: 'purpose', constant: 'email_marketing' },
          { to: 'choice', constant: 'withdrawn' },
        ],
        keepOthers: true,
      },
      at: [3, 5],
    }),
    node('others', 'filter', {
      name: 'All other newsletter events',
      config: { condition: { kind: 'group', match: 'none', rules: [rule('event', 'equals', 'Unsubscribed')] } },
      at: [2, 4],
    }),

    node('together', 'merge_branches', { name: 'All sources', config: {}, at: [4.3, 0] }),
    node('clean', 'normalise', {
      name: 'One way of writing',
      config: {
        rows: [
          { field: 'email', as: 'email' },
          { field: 'phone', as: 'phone' },
          { field: 'loyalty_id', as: 'upper' },
          { field: 'first_name', as: 'name' },
          { field: 'last_name', as: 'name' },
          date('birth_date', 'dd/MM/yyyy'),
          date('at', 'dd/MM/yyyy HH:mm'),
        ],
        regionField: 'country',
      },
      at: [5.3, 0],
    }),
    node('match', 'identity_match', {
      name: 'Who is who',
      config: {
        identifiers: ['user_id', 'email', 'phone', 'loyalty_id', 'anonymous_id'].map((type) => ({
          type,
          field: type,
        })),
        regionField: 'country',
      },
      at: [6.3, 0],
    }),
    node('write', 'write_profile', {
      name: 'Write profile',
      config: {
        traits: [
          { field: 'first_name', trait: 'firstName' },
          { field: 'last_name', trait: 'lastName' },
          { field: 'email', trait: 'email' },
          { field: 'phone', trait: 'phone' },
          { field: 'city', trait: 'city' },
          { field: 'country', trait: 'country' },
          { field: 'birth_date', trait: 'birthday' },
        ],
        timeField: 'at',
        events: true,
        eventField: 'event',
        messageIdField: 'order_id',
      },
      at: [4.3, 1.5],
    }),
    node('ledger', 'record_consent', {
      name: 'Record consent',
      config: {
        purposeField: 'purpose',
        stateField: 'choice',
        timeField: 'at',
        noticeField: 'notice',
      },
      at: [5.3, 1.5],
    }),
    node('purchases', 'filter', {
      name: 'Paid purchases',
      config: {
        condition: ALL(
          rule('event', 'is_one_of', ['Order Completed', 'Store Purchase']),
          rule('status', 'equals', 'paid'),
        ),
      },
      at: [6.3, 1.5],
    }),
    node('summary', 'aggregate', {
      name: 'Purchases of each person',
      config: {
        by: 'person',
        measures: [
          { to: 'purchases', measure: 'count', field: 'order_id' },
          { to: 'spent', measure: 'sum', field: 'amount' },
          { to: 'last_purchase', measure: 'max', field: 'at' },
        ],
      },
      at: [4.3, 3],
    }),
    node('keep_summary', 'write_profile', {
      name: 'Keep the summary',
      config: {
        traits: [
          { field: 'purchases', trait: 'purchases' },
          { field: 'spent', trait: 'totalSpent' },
          { field: 'last_purchase', trait: 'lastPurchaseAt' },
        ],
      },
      at: [5.3, 3],
    }),
    node('consent', 'consent_filter', {
      name: 'May receive email',
      config: { purposes: ['email_marketing'] },
      at: [6.3, 3],
    }),
    node('lapsed', 'audience', {
      name: 'Welcome back',
      config: {
        key: 'welcome_back',
        name: 'Welcome back',
        condition: ALL(
          { kind: 'group', match: 'none', rules: [rule('last_purchase', 'in_last_days', 60)] },
          rule('traits.email', 'is_set'),
        ),
      },
      at: [4.3, 4.5],
    }),
    node('add_traits', 'profile_fields', {
      name: 'Name and address',
      config: {
        rows: [
          { trait: 'email', field: 'email' },
          { trait: 'firstName', field: 'first_name' },
        ],
      },
      at: [5.3, 4.5],
    }),
    node('file', 'file_export', {
      name: 'Mail list',
      config: {
        name: 'welcome-back',
        columns: ['email', 'first_name', 'purchases', 'spent', 'last_purchase'],
        purposes: ['email_marketing'],
      },
      at: [6.3, 4.5],
    }),
  ]
  const chains = [
    ['contacts', 'map_contacts', 'together'],
    ['orders', 'map_orders', 'together'],
    ['receipts', 'map_receipts', 'together'],
    ['newsletter', 'map_newsletter', 'others', 'together'],
    ['map_newsletter', 'unsubscribed', 'map_unsubscribed', 'together'],
    ['consents', 'map_consents', 'together'],
    ['together', 'clean', 'match', 'write', 'ledger', 'purchases', 'summary'],
    ['summary', 'keep_summary', 'consent', 'lapsed', 'add_traits', 'file'],
  ]
  const wires = chains.flatMap((chain) =>
    chain.slice(1).map((to, i) => wire(chain[i] ?? '', to)),
  )
  return { schemaVersion: 1, nodes, wires, settings: { defaultRegion: 'GB' } }
}
