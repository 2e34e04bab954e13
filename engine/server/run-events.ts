/** A run as server-sent events: at once as it is, then after changes, at most four times a second. */
import type { Request, Response } from 'express'
import { routes } from '../contract/api.ts'
import { FINAL_STATES, type RunView } from '../contract/run.ts'
import type { Logger } from 'pino'
import { openEventStream, RETRY_LINE, type EventStreamInput } from './event-stream.ts'

const GAP_MS = 250
/** Id of the last event of a run that is over: a browser that comes back with it need not again. */
const OVER = 'over'

export interface RunEventsInput extends EventStreamInput {
  req: Request
  run: RunView
  watch: (signal: AbortSignal) => AsyncIterable<RunView>
  log: Logger
}

export async function sendRunEvents(input: RunEventsInput): Promise<void> {
  const { req, res, run, log } = input
  if (FINAL_STATES.has(run.state) && req.headers['last-event-id'] === OVER) {
    res.status(204).end()
    return
  }
  const gone = openEventStream(input)
  res.write(RETRY_LINE)
  const writer = createWriter(res)
  try {
    writer.write(run)
    if (!FINAL_STATES.has(run.state))
      for await (const view of input.watch(gone)) {
        writer.write(view)
        if (FINAL_STATES.has(view.state)) break
      }
  } catch (error) {
    // The browser comes back by itself and is given the run as it is then.
    if (!gone.aborted)
      log.warn({ kind: error instanceof Error ? error.name : 'unknown' }, 'Run events broke off')
  } finally {
    writer.flush()
    res.end()
  }
}

/** Keeps only the latest view while it waits for its turn or for the browser. */
function createWriter(res: Response) {
  let waiting: RunView | undefined
  let timer: NodeJS.Timeout | undefined
  let last = -GAP_MS
  let blocked = false

  const flush = (): void => {
    clearTimeout(timer)
    timer = undefined
    if (!waiting || res.writableEnded || res.destroyed) return
    const view = waiting
    waiting = undefined
    last = performance.now()
    const id = FINAL_STATES.has(view.state) ? `id: ${OVER}\n` : ''
    blocked = !res.write(`${id}data: ${JSON.stringify(routes.runEvents.answer.parse(view))}\n\n`)
    if (blocked)
      res.once('drain', () => {
        blocked = false
        flush()
      })
  }

  return {
    flush,
    write(view: RunView): void {
      waiting = view
      if (blocked || timer) return
      const wait = last + GAP_MS - performance.now()
      if (wait <= 0) flush()
      else timer = setTimeout(flush, wait)
    },
  }
}
