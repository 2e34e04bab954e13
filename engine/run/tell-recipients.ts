/** Tells each recipient of a person's data that they said no, by the step that sent it there. */
import { RejectedError, RetryableError } from '../contract/error.ts'
import type { FlowGraph } from '../contract/flow.ts'
import type { Identifier } from '../contract/item.ts'
import type { ConsentChange, NodeType } from '../contract/node.ts'
import type { Profile } from '../contract/profile.ts'
import type { Services } from '../contract/services.ts'
import type { PropagationDocument, PropagationStore } from '../store/propagations.ts'
import { createTools } from './node-context.ts'

/** The step that sent, in the run in which it did. */
export type SentBy = Pick<PropagationDocument, 'runId' | 'flowId' | 'flowVersion' | 'nodeId'>

export interface TellDeps {
  propagations: PropagationStore
  readProfiles(ids: readonly string[]): Promise<ReadonlyMap<string, Profile>>
  /** The graph of the run that sent; undefined when it is no longer kept. */
  graphOf(step: SentBy): Promise<FlowGraph | undefined>
  types(): Promise<ReadonlyMap<string, NodeType>>
  services: Pick<Services, 'http' | 'connections' | 'limits'>
}

const AT_ONCE = 8
const PER_CALL = 400
/** Over about three days; then a person must look at it. */
const MOST_ATTEMPTS = 20
const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 6 * 3_600_000

/** Does what is due, and says what is left. Harmless when repeated: receivers see the same key. */
export async function tellRecipients(
  deps: TellDeps,
  beat: () => void,
): Promise<{ open: number; nextInMs: number }> {
  await deps.propagations.plan()
  const due = await deps.propagations.due(PER_CALL)
  const types = await deps.types()
  for (let at = 0; at < due.length; at += AT_ONCE) {
    beat()
    await Promise.all(due.slice(at, at + AT_ONCE).map((row) => tellOne(row, types, deps)))
  }
  return deps.propagations.open()
}

async function tellOne(
  row: PropagationDocument,
  types: ReadonlyMap<string, NodeType>,
  deps: TellDeps,
): Promise<void> {
  const change = async (): Promise<ConsentChange> => {
    const profile = (await deps.readProfiles([row.profileId])).get(row.profileId)
    return changeOf(row, profile?.identifiers ?? [])
  }
  await deps.propagations.settle(row._id, await tellStep(row, change, { ...deps, types }))
}

/** Given up, or when it is tried again. */
type NotTold = { state: 'failed'; reason: string } | { reason: string; nextAt: Date }

export type Told = { state: 'told' } | { state: 'cannot'; reason: string } | NotTold

/** Tells the recipient by the step that sent, and answers what came of it. Never throws. */
export async function tellStep(
  step: SentBy & { attempts: number },
  change: () => Promise<ConsentChange>,
  deps: Omit<TellDeps, 'types'> & { types: ReadonlyMap<string, NodeType> },
): Promise<Told> {
  try {
    const why = await tellThrough(step, await change(), deps)
    return why === undefined ? { state: 'told' } : { state: 'cannot', reason: why }
  } catch (error) {
    return afterFailure(error, step.attempts)
  }
}

function afterFailure(error: unknown, attempts: number): NotTold {
  const isFinal = error instanceof RejectedError || attempts + 1 >= MOST_ATTEMPTS
  const isKnown = error instanceof RejectedError || error instanceof RetryableError
  const reason = isKnown ? error.code : 'no_answer'
  const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempts)
  return isFinal ? { state: 'failed', reason } : { reason, nextAt: new Date(Date.now() + wait) }
}

/** Undefined when the recipient knows; else why it cannot be told. */
async function tellThrough(
  step: SentBy,
  change: ConsentChange,
  deps: Omit<TellDeps, 'types'> & { types: ReadonlyMap<string, NodeType> },
): Promise<string | undefined> {
  const { types } = deps
  const graph = await deps.graphOf(step)
  const node = graph?.nodes.find(({ id }) => id === step.nodeId)
  if (!graph || !node || !types.has(node.type)) return 'step_is_gone'
  const { runId, flowId, flowVersion } = step
  const now = new Date().toISOString()
  const tools = createTools({
    scope: { runId, flowId, flowVersion, graph, now, mode: 'run' },
    types,
    signal: AbortSignal.timeout(60_000),
    servicesFor: () => deps.services,
  })
  const parsed = tools.parse(node.id)
  if (!parsed.tell) return 'no_way_to_tell'
  await parsed.tell(
    change,
    tools.context(node.id, () => undefined),
  )
  return undefined
}

/** Only what the recipient can know the person by: identifiers of kinds it was sent. */
export function identifiersSent(
  fields: readonly string[],
  identifiers: readonly Identifier[],
): Identifier[] {
  const sent = fields.map((field) => field.toLowerCase().replace(/[^a-z]/g, ''))
  return identifiers
    .filter(({ type }) => sent.some((field) => field.includes(type.replace(/[^a-z]/g, ''))))
    .map(({ type, value }) => ({ type, value }))
}

const changeOf = (row: PropagationDocument, identifiers: readonly Identifier[]): ConsentChange => ({
  key: row._id,
  purpose: row.purpose,
  state: row.choice === 'granted' ? 'denied' : row.choice,
  at: row.choiceAt,
  person: { profileId: row.profileId, identifiers: identifiersSent(row.fields, identifiers) },
})
