/** What a node may ask of the world, handed to it through its context. It names what it `uses`. */
import type { Identifier, Item } from './item.ts'
import type { Fields, Json } from './json.ts'
import type { ConsentEntry, Profile } from './profile.ts'

/** A value for one trait of one profile. */
export interface TraitWrite {
  trait: string
  value: Json
  /** When the value was true, ISO 8601 UTC. */
  at: string
  source: string
  rule: 'latest' | 'source_priority' | 'most_frequent' | 'longest'
  /** For `source_priority`: labels of sources, strongest first. */
  priority?: string[]
}

/** Everything one page knows about one person. */
export interface ProfileWrite {
  profileId: string
  isNew: boolean
  identifiers: Identifier[]
  traits: TraitWrite[]
}

/** A thing that happened, to be kept with the profile. */
export interface EventWrite {
  /** Unique within the workspace; a second write of the same id changes nothing. */
  messageId: string
  profileId: string
  type: string
  name: string
  /** ISO 8601 UTC. */
  time: string
  source: string
  properties: Fields
}

export interface ConsentWrite extends ConsentEntry {
  /** Makes a repeat harmless: the same key is one ledger entry. */
  key: string
  profileId: string
}

export interface ProfilesService {
  /** Profiles by id; redirects of merged ones are followed. Unknown ids are absent. */
  read(profileIds: readonly string[]): Promise<ReadonlyMap<string, Profile>>
  write(writes: readonly ProfileWrite[]): Promise<void>
  appendEvents(events: readonly EventWrite[]): Promise<void>
  appendConsents(entries: readonly ConsentWrite[]): Promise<void>
  /** A signed link to the person's preference page; absent where there is no public address. */
  preferenceLink?(profileId: string): string
}

export interface MatchRequest {
  /** The input again from its start, each time it is called. */
  pages: () => AsyncIterable<Item[]>
  identifiersOf: (item: Item) => Identifier[]
  /** Identity rules; parsed by `identityRulesSchema` where they are used. */
  rules: unknown
}

/** One page of matched people; `bucket[i]` is the output page item i belongs to. */
export interface MatchedPage {
  items: Item[]
  buckets: Int32Array
}

export interface IdentityService {
  /**
   * Resolves the whole input first, then yields it again with each item's `profileId`, so that all
   * items of a person share one bucket. Repeating it yields the same profile ids.
   */
  matchAll(request: MatchRequest): AsyncIterable<MatchedPage>
  /** Resolves a small page at once, for live data and previews. */
  matchPage(items: Item[], request: Omit<MatchRequest, 'pages'>): Promise<Item[]>
}

export interface MembershipWrite {
  profileId: string
  inside: boolean
  /** Short sentence: which rules decided. */
  why: string
}

export interface AudiencesService {
  /** Records who is in and who is not. Returns the profiles whose membership changed. */
  update(
    audienceKey: string,
    writes: readonly MembershipWrite[],
  ): Promise<{ entered: ReadonlySet<string>; left: ReadonlySet<string> }>
}

export interface HttpRequest {
  method: 'POST' | 'PUT' | 'GET' | 'PATCH' | 'DELETE'
  url: string
  headers?: Record<string, string>
  body?: string
  signal?: AbortSignal
  timeoutMs?: number
}

export interface HttpAnswer {
  status: number
  headers: Record<string, string>
  body: string
}

/** The egress client: refuses internal addresses at connect time. Throws `EgressError`s. */
export interface HttpService {
  request(request: HttpRequest): Promise<HttpAnswer>
}

/** What became of one item at one destination. */
export interface DeliveryRecord {
  key: string
  profileId?: string
  fields: string[]
  purposes: string[]
  /** Where it went, without secrets: host or file name. */
  recipient: string
  status: number
}

export interface DeliveriesService {
  /** Those of `keys` that were delivered before, in this run. */
  delivered(keys: readonly string[]): Promise<ReadonlySet<string>>
  /** Stored before the page goes on, so that a repeat does not send again. */
  record(rows: readonly DeliveryRecord[]): Promise<void>
}

export interface LimitsService {
  /** Waits for the right to make `n` calls under `key` at `perSecond`, across all workers. */
  take(key: string, n: number, perSecond: number, signal: AbortSignal): Promise<void>
  /** Nobody makes a call under `key` before this many milliseconds have passed. */
  pause(key: string, ms: number): Promise<void>
}

export interface ConnectionSecrets {
  name: string
  settings: Record<string, Json>
  secrets: Record<string, string>
}

export interface ConnectionsService {
  /** Throws a RejectedError when there is no such connection. */
  read(connectionId: string): Promise<ConnectionSecrets>
}

/** A file the source reads, wherever it came from. */
export interface SourceFile {
  id: string
  name: string
  bytes: number
}

export interface FilesService {
  /** Uploads, the file a URL gives, or the files of a folder allowed for imports. */
  list(origin: Json): Promise<SourceFile[]>
  /** Bytes `start` (inclusive) to `end` (exclusive). */
  read(fileId: string, start: number, end: number): Promise<Uint8Array>
}

/** Live events as they were collected, for previews: a run is handed its events by the engine. */
export interface IncomingService {
  /** The newest `limit` events, oldest first, one `{ id, source, event }` a line. */
  latest(limit: number): Promise<Uint8Array>
}

export interface PolicyService {
  /** Keys of the workspace's purposes. */
  purposes(): Promise<readonly string[]>
}

export interface Services {
  profiles: ProfilesService
  identity: IdentityService
  audiences: AudiencesService
  http: HttpService
  deliveries: DeliveriesService
  limits: LimitsService
  connections: ConnectionsService
  files: FilesService
  incoming: IncomingService
  policy: PolicyService
}

export type ServiceName = keyof Services
