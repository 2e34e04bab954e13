/** An answer that stays open for server-sent events, as long as its reader may see them. */
import type { Response } from 'express'

const HEARTBEAT_MS = 15_000

export interface EventStreamInput {
  res: Response
  /** Asked with each heartbeat: a user who is shut out sees no more. */
  stillAllowed: () => Promise<boolean>
}

/** Aborts when the reader has gone or may no longer see; heartbeats end with it. */
export function openEventStream({ res, stillAllowed }: EventStreamInput): AbortSignal {
  res.set({ 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' })
  res.flushHeaders()
  const gone = new AbortController()
  const heartbeat = setInterval(() => {
    void stillAllowed()
      .catch(() => false)
      .then((allowed) => {
        if (res.writableEnded) return
        if (allowed) res.write(': still here\n\n')
        else {
          gone.abort()
          res.end()
        }
      })
  }, HEARTBEAT_MS)
  // Either of them comes, whoever ends it.
  for (const event of ['close', 'finish'])
    res.once(event, () => {
      clearInterval(heartbeat)
      gone.abort()
    })
  return gone.signal
}

/** How soon a browser comes back by itself. */
export const RETRY_LINE = 'retry: 2000\n\n'
