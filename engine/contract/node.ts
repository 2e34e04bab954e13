/** `defineNode`: a node type is one declaration and one function; everything else is derived. */
import { z } from 'zod'
import type { Fields, Json } from './json.ts'
import { DEFAULT_PORT, type Identifier, type Item, type Verdict } from './item.ts'
import { CONSENT_REASONS, CONSENT_REASONS_ZH } from './consent-reasons.ts'
import type { FieldSpec, WireKind, WireShape } from './shape.ts'
import type { Services, ServiceName } from './services.ts'

export const roleSchema = z.enum([
  'source',
  'transform',
  'identity',
  'consent',
  'profile',
  'audience',
  'intelligence',
  'destination',
])
export type Role = z.infer<typeof roleSchema>

/** `none`: pure. `reads`: asks the store. `writes`: changes our store. `sends`: data leaves. */
export type Effects = 'none' | 'reads' | 'writes' | 'sends'

export interface InPort {
  name: string
  title: string
  /** Kinds of wire that may end here. */
  accepts: readonly WireKind[]
  /** False when the step makes sense without a wire here. Default true. */
  required?: boolean
  /** True when several wires may end here. Default false. */
  many?: boolean
}

export interface OutPort {
  name: string
  title: string
  /** Settings, by name, that must hold these values for the port to be there. Default: always. */
  when?: Readonly<Record<string, Json>>
}

/** Ports named by the settings: one for each entry of the list `from`, then `plus`. */
export interface OutPortsFromConfig {
  from: string
  key: string
  label: string
  plus: readonly OutPort[]
}

/** Texts in another language, same keys as the English ones. */
export interface NodeWords {
  title: string
  summary: string
  /** By settings path, list positions left out: `branches.name`. */
  fields?: Record<string, { title: string; description?: string }>
  /** Labels of choices, by `path=value`. */
  choices?: Record<string, string>
  ports?: Record<string, string>
  reasons?: Record<string, string>
}

export interface NodeContext {
  runId: string
  flowId: string
  flowVersion: number
  nodeId: string
  /** The step's name as the marketer sees it. */
  nodeName: string
  /** `preview`: nothing is written or sent; `render` stands in for `run` of nodes that do. */
  mode: 'run' | 'preview'
  /** Start of the run, ISO 8601 UTC: the same on every retry. */
  now: string
  defaultRegion?: string
  /** Aborted when the run is paused or cancelled. Nodes that send check it before each call. */
  signal: AbortSignal
  /**
   * Told before each item by a step whose work on one item may take long: an item that takes more than
   * 0.3 s is ended. False when it was: fail the item then.
   */
  begins(): boolean
  /** Told after the last item of a page by a step that tells `begins`. */
  rests(): void
  /** Adds text to the file this node makes; the engine keeps pages in order. */
  write(text: string): void
  /**
   * What stands against sending these items now, by item id; the reason is a drop reason. A step that
   * sends asks just before each call: a page may have waited long since it began.
   */
  refusals(items: readonly Item[]): Promise<ReadonlyMap<string, string>>
  /** For steps with `statesPerRequest`: what all items of this page allow or refuse, by purpose. */
  consentStates?: Readonly<Record<string, 'granted' | 'denied'>>
  /** Service the type names in `uses`; anything else throws. */
  service<Name extends ServiceName>(name: Name): Services[Name]
}

/** A part of a source's input that can be read on its own, and repeated. Plain JSON. */
export type Split = Record<string, Json>

export interface SourceReader<Config> {
  /**
   * True when records come as they happen: the flow runs until it is stopped, `decode` is given what
   * came in since, and `open` and `fetch` serve previews only.
   */
  live?: boolean
  /** Finds the parts of the input. Throws RejectedError when there is nothing to read. */
  open(config: Config, ctx: NodeContext): Promise<Split[]>
  /** Bytes of one part, fetched on the main thread and decoded in `decode`. */
  fetch(split: Split, config: Config, ctx: NodeContext): Promise<Uint8Array>
  /** Records of one part, in order; a record that cannot be read is a failure with its position. */
  decode(bytes: Uint8Array, split: Split, config: Config, ctx: NodeContext): Iterable<SourceRecord>
}

export type SourceRecord =
  | {
      position: string
      fields: Fields
      /** Label of where this record came from, when the step reads several places. */
      source?: string
    }
  | { position: string; failed: string; detail?: string }

/** What a dataset step gives back; the engine counts each. */
export type DatasetOutput =
  | { kind: 'out'; items: Item[]; port?: string; buckets?: Int32Array }
  | { kind: 'drop'; reason: string; count: number }
  | { kind: 'fail'; code: string; items: Item[]; detail?: string }

export interface DatasetInput {
  /** Pages of one in port, from the start, each time it is called. */
  pages(port: string): AsyncIterable<Item[]>
}

/** A person said no: what a destination is told that ever got data of them. */
export interface ConsentChange {
  /** They were erased here, and ask the receiver to erase them too (GDPR 19). */
  erased?: true
  /** The same on every attempt. */
  key: string
  /** `*` for all. */
  purpose: string
  state: 'denied' | 'withdrawn' | 'objected'
  /** When they decided, ISO 8601. */
  at: string
  /** What the receiver can know them by. */
  person: { profileId: string; identifiers: Identifier[] }
}

export interface PrivacyFacts {
  /** Purposes the data is used for here; a path that ends here must be filtered for them. */
  purposes?: readonly string[]
  /** Purposes this step lets through only with consent. */
  filters?: readonly string[]
  /**
   * Purposes whose state the receiver takes per request, not per record, as Google does: the engine
   * never hands the step a page in which people differ in one of them.
   */
  statesPerRequest?: readonly string[]
  /** Fields that leave the product here. */
  sends?: readonly FieldSpec[]
  /** True when the receiver needs the readable value, as a mail service needs the address. */
  needsReadable?: boolean
}

/** A field that settings name, with its place in them, as in `keys.0.field`. */
export type FieldUse = readonly [path: string, field: string, port?: string]

export interface NodeDeclaration<Schema extends z.ZodType> {
  /** Snake case, unique: `consent_filter`. */
  type: string
  /** Raised when saved settings need `migrate`. */
  version: number
  role: Role
  title: string
  /** One sentence a marketer understands. */
  summary: string
  /** One emoji-free icon name of the editor's set; the role's icon when absent. */
  icon?: string
  config: Schema
  /** Default: none for sources, one `in` that takes both kinds for others. */
  inPorts?: readonly InPort[]
  /** Default: one port `out`; none for destinations. */
  outPorts?: readonly OutPort[] | OutPortsFromConfig
  /** Default `page`. */
  scope?: 'page' | 'dataset'
  /** Default `none`. */
  effects?: Effects
  /** Services the step needs; a step that needs none may run in the thread pool. */
  uses?: readonly ServiceName[] | ((config: z.output<Schema>) => readonly ServiceName[])
  /** Reason codes of dropped items, with a sentence for each. */
  drops?: Record<string, string>
  /** Codes of failed items, with a sentence for each. */
  fails?: Record<string, string>
  privacy?: (config: z.output<Schema>, input: WireShape) => PrivacyFacts
  /** What leaves by each port. Default: what came in by the first port. */
  output?: (
    config: z.output<Schema>,
    inputs: Readonly<Record<string, WireShape>>,
  ) => Record<string, WireShape>
  /** Fields the settings name that must arrive: where they are named, and by which port (the first). */
  fieldsUsed?: (config: z.output<Schema>) => readonly FieldUse[]
  source?: SourceReader<z.output<Schema>>
  run?: (page: Item[], config: z.output<Schema>, ctx: NodeContext) => Verdict[] | Promise<Verdict[]>
  runDataset?: (
    input: DatasetInput,
    config: z.output<Schema>,
    ctx: NodeContext,
  ) => AsyncIterable<DatasetOutput>
  /** What would be sent, one text per item: stands in for `run` in previews of `sends` nodes. */
  render?: (
    page: Item[],
    config: z.output<Schema>,
    ctx: NodeContext,
  ) => string[] | Promise<string[]>
  /**
   * Tells the receiver that a person said no. Throws RejectedError when it never will take it, any
   * other error when it may later. Without it, the officer is told that nobody can be told here.
   */
  tell?: (change: ConsentChange, config: z.output<Schema>, ctx: NodeContext) => Promise<void>
  /** Name and media type of the file `ctx.write` fills. */
  file?: (config: z.output<Schema>) => { name: string; mediaType: string; header?: string }
  /** Lifts settings saved for version i + 1. */
  migrate?: ReadonlyArray<(config: Record<string, Json>) => Record<string, Json>>
  /** Example settings and input with the expected verdicts; run by the conformance suite. */
  examples: readonly NodeExample[]
  words?: { 'zh-CN'?: NodeWords }
}

/** One row of a node type's fixtures. */
export interface NodeExample {
  name: string
  config: Record<string, Json>
  /** Items' fields; `profileId` marks people. */
  input?: ReadonlyArray<{ fields: Fields; profileId?: string }>
  /** Expected fate, item by item: fields out, or the reason. */
  expect?: ReadonlyArray<{ out: Fields; port?: string } | { drop: string } | { fail: string }>
}

/** A node type with its generic hidden: settings are parsed inside, so a list of them type-checks. */
export interface NodeType {
  readonly type: string
  readonly version: number
  readonly role: Role
  readonly title: string
  readonly summary: string
  readonly icon: string | undefined
  readonly config: z.ZodType
  readonly inPorts: readonly InPort[]
  readonly outPorts: readonly OutPort[] | OutPortsFromConfig
  readonly scope: 'page' | 'dataset'
  readonly effects: Effects
  /** True for a source whose records come as they happen. */
  readonly live: boolean
  /** True for a step that can work on a page by itself, whatever its scope. */
  readonly worksByPage: boolean
  /** True when receivers are told that somebody said no. */
  readonly tells: boolean
  readonly drops: Readonly<Record<string, string>>
  readonly fails: Readonly<Record<string, string>>
  readonly words: { 'zh-CN'?: NodeWords }
  readonly examples: readonly NodeExample[]
  /** Settings of any known version, parsed and defaulted. Throws a ZodError. */
  parse(config: Record<string, Json>, version?: number): ParsedNode
}

/** A node type bound to valid settings. */
export interface ParsedNode {
  readonly config: unknown
  readonly uses: readonly ServiceName[]
  privacy(input: WireShape): PrivacyFacts
  output(inputs: Readonly<Record<string, WireShape>>): Record<string, WireShape>
  fieldsUsed(): readonly FieldUse[]
  file(): { name: string; mediaType: string; header?: string } | undefined
  source: BoundSource | undefined
  run: ((page: Item[], ctx: NodeContext) => Verdict[] | Promise<Verdict[]>) | undefined
  runDataset: ((input: DatasetInput, ctx: NodeContext) => AsyncIterable<DatasetOutput>) | undefined
  render: ((page: Item[], ctx: NodeContext) => string[] | Promise<string[]>) | undefined
  tell: ((change: ConsentChange, ctx: NodeContext) => Promise<void>) | undefined
}

export interface BoundSource {
  open(ctx: NodeContext): Promise<Split[]>
  fetch(split: Split, ctx: NodeContext): Promise<Uint8Array>
  decode(bytes: Uint8Array, split: Split, ctx: NodeContext): Iterable<SourceRecord>
}

const BOTH: readonly WireKind[] = ['records', 'people']
const ONE_IN: readonly InPort[] = [{ name: 'in', title: 'In', accepts: BOTH }]
const ONE_OUT: readonly OutPort[] = [{ name: DEFAULT_PORT, title: 'Out' }]
/** Where a destination's delivered items are counted; nothing can be wired to it. */
export const DELIVERED_PORT = 'delivered'

/** Declares a node type. Throws at once when the declaration contradicts itself. */
export function defineNode<Schema extends z.ZodType>(
  declaration: NodeDeclaration<Schema>,
): NodeType {
  checkDeclaration(declaration)
  const isSource = declaration.role === 'source'
  const sends = declaration.effects === 'sends'
  const inPorts = declaration.inPorts ?? (isSource ? [] : ONE_IN)
  const outPorts = declaration.outPorts ?? (declaration.role === 'destination' ? [] : ONE_OUT)
  return {
    type: declaration.type,
    version: declaration.version,
    role: declaration.role,
    title: declaration.title,
    summary: declaration.summary,
    icon: declaration.icon,
    config: declaration.config,
    inPorts,
    outPorts,
    scope: declaration.scope ?? 'page',
    effects: declaration.effects ?? 'none',
    live: declaration.source?.live ?? false,
    worksByPage: declaration.run !== undefined || isSource,
    tells: declaration.tell !== undefined,
    drops: { ...(sends ? CONSENT_REASONS : {}), ...declaration.drops },
    fails: declaration.fails ?? {},
    words: sends ? withConsentWords(declaration.words ?? {}) : (declaration.words ?? {}),
    examples: declaration.examples,
    parse: (config, version = declaration.version) =>
      bind(declaration, declaration.config.parse(lift(declaration, config, version)), {
        inPorts,
        outPorts,
      }),
  }
}

function checkDeclaration(declaration: NodeDeclaration<z.ZodType>): void {
  const { type, role } = declaration
  const wrong = (reason: string) =>
    new TypeError(`Node type "${type}" cannot be registered: ${reason}.`)
  if (!/^[a-z][a-z0-9_]*$/.test(type)) throw wrong('its type must be snake_case, as in "my_step"')
  if (declaration.scope === 'dataset' && !declaration.runDataset)
    throw wrong('its scope is "dataset" but it has no `runDataset`')
  if (role === 'source' ? !declaration.source : !declaration.run && !declaration.runDataset)
    throw wrong(role === 'source' ? 'a source needs `source`' : 'it has no `run`')
  if (declaration.effects === 'sends' && !declaration.render)
    throw wrong('a step that sends needs `render`, so that previews can send nothing')
  if (declaration.effects === 'sends' && declaration.scope === 'dataset')
    throw wrong('a step that sends works page by page, so that consent is checked as it sends')
}

/** The engine drops people at every step that sends; its reasons are in both languages. */
function withConsentWords(words: { 'zh-CN'?: NodeWords }): { 'zh-CN'?: NodeWords } {
  const chinese = words['zh-CN']
  if (!chinese) return words
  return { 'zh-CN': { ...chinese, reasons: { ...CONSENT_REASONS_ZH, ...chinese.reasons } } }
}

function lift(
  { migrate = [], version: current, type }: NodeDeclaration<z.ZodType>,
  config: Record<string, Json>,
  version: number,
): Record<string, Json> {
  if (version > current)
    throw new RangeError(
      `Step "${type}" was saved by a newer version (${version}) than this one knows (${current}). Update Heddle.`,
    )
  return migrate.slice(version - 1).reduce((lifted, step) => step(lifted), config)
}

function bind<Schema extends z.ZodType>(
  declaration: NodeDeclaration<Schema>,
  config: z.output<Schema>,
  ports: { inPorts: readonly InPort[]; outPorts: readonly OutPort[] | OutPortsFromConfig },
): ParsedNode {
  const { source, run, runDataset, render, tell, uses = [] } = declaration
  return {
    config,
    uses: typeof uses === 'function' ? uses(config) : uses,
    privacy: (input) => declaration.privacy?.(config, input) ?? {},
    output: (inputs) => declaration.output?.(config, inputs) ?? passThrough(config, inputs, ports),
    fieldsUsed: () => declaration.fieldsUsed?.(config) ?? [],
    file: () => declaration.file?.(config),
    source: source && {
      open: (ctx) => source.open(config, ctx),
      fetch: (split, ctx) => source.fetch(split, config, ctx),
      decode: (bytes, split, ctx) => source.decode(bytes, split, config, ctx),
    },
    run: run && ((page, ctx) => run(page, config, ctx)),
    runDataset: runDataset && ((input, ctx) => runDataset(input, config, ctx)),
    render: render && ((page, ctx) => render(page, config, ctx)),
    tell: tell && ((change, ctx) => tell(change, config, ctx)),
  }
}

function passThrough(
  config: unknown,
  inputs: Readonly<Record<string, WireShape>>,
  ports: { inPorts: readonly InPort[]; outPorts: readonly OutPort[] | OutPortsFromConfig },
): Record<string, WireShape> {
  const first = ports.inPorts[0]
  const shape = (first && inputs[first.name]) ?? { kind: 'records' as const, fields: [] }
  return Object.fromEntries(listOutPorts(ports.outPorts, config).map((port) => [port.name, shape]))
}

/** The out ports a node has with these settings; unreadable settings give the fixed ones. */
export function listOutPorts(
  outPorts: readonly OutPort[] | OutPortsFromConfig,
  config: unknown,
): readonly OutPort[] {
  if (!('from' in outPorts)) return outPorts.filter((port) => isThere(port, config))
  const rows = (config as Record<string, unknown> | undefined)?.[outPorts.from]
  const named = Array.isArray(rows)
    ? rows.flatMap((row: unknown) => {
        const entry = row as Record<string, unknown> | null
        const name = entry?.[outPorts.key]
        const title = entry?.[outPorts.label]
        return typeof name === 'string' && name !== ''
          ? [{ name, title: typeof title === 'string' && title !== '' ? title : name }]
          : []
      })
    : []
  return [...named, ...outPorts.plus]
}

const isThere = ({ when = {} }: OutPort, config: unknown): boolean =>
  Object.entries(when).every(
    ([name, value]) => (config as Record<string, unknown> | undefined)?.[name] === value,
  )
