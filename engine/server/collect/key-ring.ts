/** Write keys in memory. Only a key that a read begun after the request did not find is unknown. */
import type { SourceDocument, SourceStore } from '../../store/sources.ts'

/** How long a change of a source may take to be noticed. */
const FRESH_MS = 2_000

export type KeyRing = ReturnType<typeof createKeyRing>

export function createKeyRing(store: Pick<SourceStore, 'ring'>, now: () => number = Date.now) {
  let ring = new Map<string, SourceDocument>()
  let readAt = -Infinity
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined

  const read = async (): Promise<void> => {
    const started = now()
    ring = await store.ring()
    readAt = started
  }
  const start = (): Promise<void> => {
    running = read().finally(() => (running = undefined))
    return running
  }
  /** A read that begins after this call; all callers in the meantime share it. */
  const readAgain = (): Promise<void> => {
    if (!running) return start()
    next ??= running.catch(() => undefined).then(() => ((next = undefined), start()))
    return next
  }

  return {
    /** Undefined: certainly unknown. Throws while the store cannot be asked. */
    async find(keys: readonly string[]): Promise<SourceDocument | undefined> {
      const known = pick(ring, keys)
      if (known) {
        // What is known works on while the store is away.
        if (now() - readAt > FRESH_MS && !running) start().catch(() => undefined)
        return known
      }
      if (keys.length === 0) return undefined
      await readAgain()
      return pick(ring, keys)
    },
  }
}

function pick(ring: ReadonlyMap<string, SourceDocument>, keys: readonly string[]) {
  for (const key of keys) {
    const source = ring.get(key)
    if (source) return source
  }
  return undefined
}
