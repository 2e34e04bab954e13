/** Turns what a person asked for into an abort signal, within a quarter of a second. */

/** How often the run's control mark is read while work goes on. */
const POLL_MS = 250
/** How often Temporal hears that the worker lives. */
const HEARTBEAT_MS = 1_500

export interface WatchInput {
  /** Temporal's own cancellation. */
  cancelled: AbortSignal
  heartbeat: () => void
  control: () => Promise<'go' | 'pause' | 'cancel' | undefined>
}

export interface ControlWatch {
  signal: AbortSignal
  stop: () => void
}

export function watchControl({ cancelled, heartbeat, control }: WatchInput): ControlWatch {
  const asked = new AbortController()
  heartbeat()
  const beats = setInterval(heartbeat, HEARTBEAT_MS)
  let reading = false
  const poll = setInterval(() => {
    if (reading) return
    reading = true
    control()
      .then((mark) => {
        if (mark !== 'go') asked.abort()
      })
      // The store is away for a moment: the next write of the page will notice it.
      .catch(() => undefined)
      .finally(() => {
        reading = false
      })
  }, POLL_MS)
  return {
    signal: AbortSignal.any([cancelled, asked.signal]),
    stop: () => {
      clearInterval(beats)
      clearInterval(poll)
    },
  }
}
