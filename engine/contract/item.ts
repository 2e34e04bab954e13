/** What moves on a wire: items in pages, and the verdict a node gives on each item. */
import type { Fields } from './json.ts'

/** `type:value`, the value normalised for its type. */
export interface Identifier {
  type: string
  value: string
}

/** One record or person on its way through a flow. */
export interface Item {
  /** Stable within its run, the same on every retry: `<sourceNodeId>:<position>`. */
  id: string
  fields: Fields
  /** Label of the source the record came from; becomes the provenance of traits. */
  source: string
  /** Present once an identity match has told whose record it is. */
  profileId?: string
  /** The identifiers the identity match kept for this record. */
  identifiers?: Identifier[]
  /** True when the identity match made the profile in this run. */
  isNew?: boolean
  /** Purposes the record itself proved consent to, by its own fields; see the consent filter. */
  consented?: string[]
  /** The person was erased and stays so: the identity match ends the record's way. */
  erased?: true
  /** How often the step that holds the item now has tried it before; absent the first time. */
  attempt?: number
}

/** Most items in a page. */
export const PAGE_ITEMS = 5_000
/** Most bytes of records in a page, before decoding. */
export const PAGE_BYTES = 4 * 1024 * 1024

/** What a node decided about one item. The engine counts verdicts; nodes never count. */
export type Verdict =
  | { kind: 'out'; item: Item; port: string }
  | { kind: 'drop'; reason: string }
  | { kind: 'fail'; code: string; detail?: string }
  | { kind: 'retry'; code: string; afterMs: number; detail?: string }

/** The port an item leaves by unless its node says otherwise. */
export const DEFAULT_PORT = 'out'

/** Passes an item on. */
export const out = (item: Item, port: string = DEFAULT_PORT): Verdict => ({
  kind: 'out',
  item,
  port,
})

/** Ends an item's way for a reason that the node type lists under `drops`. */
export const drop = (reason: string): Verdict => ({ kind: 'drop', reason })

/** Parks an item as a dead letter. `detail` is shown to operators: no personal data. */
export const fail = (code: string, detail?: string): Verdict =>
  detail === undefined ? { kind: 'fail', code } : { kind: 'fail', code, detail }

/** Lets an item wait and be tried again by the same node, no sooner than `afterMs`. */
export const retryLater = (code: string, afterMs: number, detail?: string): Verdict =>
  detail === undefined ? { kind: 'retry', code, afterMs } : { kind: 'retry', code, afterMs, detail }

/** The same item with some fields replaced. */
export const withFields = (item: Item, changes: Fields): Item => ({
  ...item,
  fields: { ...item.fields, ...changes },
})
