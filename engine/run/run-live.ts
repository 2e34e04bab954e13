/** One part of a live run: events as they come, page by page, until the run is paused or stopped. */
import { addCounts, type StageCounts } from '../contract/counts.ts'
import { InterruptedError } from '../contract/error.ts'
import type { Stage } from '../contract/plan.ts'
import { PARTS } from '../contract/event.ts'
import type { IncomingEvent, IncomingEvents } from '../store/incoming-events.ts'
import type { FeedInput, FeedPage, IncomingFeed } from '../store/incoming-feed.ts'
import type { LivePages, LiveStand } from '../store/live-pages.ts'
import type { RunDocument } from '../store/runs.ts'
import { retryPageNo, settleRetried, takeRetried } from './retried-items.ts'
import { runItems, type StagePageDeps } from './run-stage-page.ts'
import type { HopTools } from './run-hop.ts'

/** Parts of a live run; each is worked on by one worker at a time. A run keeps the number it began with. */
export const LIVE_PARTS = 2

/** Most events of one page. While little comes, a page is what came since the last one. */
const PAGE_EVENTS = 5_000
/** How long a quiet part waits for events before it looks at what else is due. */
const WAIT_MS = 500
/** How often a quiet part writes down where it stands, so that the place stays in the server's log. */
const IDLE_COMMIT_MS = 30_000
/** How often items that wait for another try are looked at. */
const RETRY_MS = 1_000

export interface LiveDeps extends StagePageDeps {
  livePages: LivePages
  incoming: Pick<IncomingEvents, 'toLines'>
  openFeed(input: FeedInput): IncomingFeed
}

export interface LiveInput {
  run: RunDocument
  stage: Stage
  part: number
  /** The tools of one page, as of its time. */
  toolsFor(asOf: RunDocument): HopTools
  signal: AbortSignal
}

/** Throws InterruptedError once `signal` is aborted; never ends otherwise. */
export async function runLive(input: LiveInput, deps: LiveDeps): Promise<never> {
  const { run, stage, part, signal } = input
  const stand = await deps.livePages.takeOver(run._id, stage.id, part)
  const commit = () => deps.livePages.commit(run._id, stage.id, part, stand)
  const parts = rangeOf(part, partsOf(input))
  const feed = deps.openFeed({ parts, place: stand.place, limit: PAGE_EVENTS, waitMs: WAIT_MS })
  let committedAt = Date.now()
  let retriedAt = 0
  try {
    for (;;) {
      if (signal.aborted) throw new InterruptedError()
      const page = await feed.next()
      if (page.events.length > 0) await handlePage(input, page, stand, deps)
      stand.place = page.next
      if (page.events.length > 0 || Date.now() - committedAt > IDLE_COMMIT_MS) {
        await commit()
        committedAt = Date.now()
      }
      // One part looks after what waits, whichever part it came from.
      if (part === 0 && Date.now() - retriedAt > RETRY_MS) {
        if (await retryDue(input, stand, deps)) await commit()
        retriedAt = Date.now()
      }
    }
  } finally {
    await feed.close()
  }
}

/** An even share of all parts events are spread over. */
function rangeOf(part: number, parts: number): [number, number] {
  const edge = (at: number): number => Math.round((at * PARTS) / parts)
  return [edge(part), edge(part + 1)]
}

async function handlePage(
  input: LiveInput,
  { events }: FeedPage,
  stand: LiveStand,
  deps: LiveDeps,
): Promise<void> {
  const { stage, signal } = input
  const now = timeOf(events, stand)
  const asOf = runAsOf(input.run, now)
  const bytes = await deps.incoming.toLines(events)
  const counts = await runItems(
    { run: asOf, stage, pageNo: pageNoOf(input, stand), tools: input.toolsFor(asOf), signal },
    { inbox: {}, source: { nodeId: stage.sources[0] ?? '', split: {}, bytes } },
    deps,
  )
  addTo(stand, counts)
  stand.pages += 1
  stand.now = now
  stand.lastAt = events.at(-1)?.at ?? now
}

/**
 * When its first event came in: a page that is repeated after a crash begins with the same event, so
 * that it has the same time, whatever came since. No two pages have the same one.
 */
const timeOf = (events: readonly IncomingEvent[], { now }: LiveStand): Date =>
  new Date(Math.max(events[0]?.at.getTime() ?? 0, now.getTime() + 1))

const runAsOf = (run: RunDocument, startedAt: Date): RunDocument => ({ ...run, startedAt })

/** Pages of all parts are numbered in one row, as files keep them in their order. */
const pageNoOf = (input: LiveInput, { pages }: LiveStand): number =>
  pages * partsOf(input) + input.part

const partsOf = ({ run, stage }: LiveInput): number => run.stages[stage.id]?.pages ?? LIVE_PARTS

/** The sum replaces the old one whole: nothing of a page that fails midway is in it. */
function addTo(stand: LiveStand, counts: StageCounts): void {
  stand.counts = addCounts(structuredClone(stand.counts), counts)
}

/** Tries again the items that are due. The lease moves on with the counts, in the same write. */
async function retryDue(
  { run, stage, toolsFor, signal }: LiveInput,
  stand: LiveStand,
  deps: LiveDeps,
): Promise<boolean> {
  const { lease } = stand
  const inbox = await takeRetried({ runId: run._id, stageId: stage.id, lease }, deps.parked)
  if (!inbox) return false
  const asOf = runAsOf(run, stand.now)
  const counts = await runItems(
    { run: asOf, stage, pageNo: retryPageNo(lease), tools: toolsFor(asOf), signal },
    { inbox },
    deps,
  )
  await deps.parked.releaseLease(run._id, stage.id, lease)
  addTo(stand, settleRetried(counts, inbox))
  stand.lease += 1
  return true
}
