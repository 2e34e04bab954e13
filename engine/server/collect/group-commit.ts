/** Concurrent requests share one insert: the disk is waited for once for all of them. */

export interface GroupCommitOptions<Document> {
  /** Resolves, with the places of known ones, when the documents are durable. */
  insert(documents: readonly Document[]): Promise<ReadonlySet<number>>
  /** Inserts under way at once. */
  lanes?: number
  /** Documents of one insert. */
  most?: number
  /** Documents that may wait before more are turned away. */
  room?: number
  /** A caller that waited this long is told to come back. */
  patienceMs?: number
}

/** Stores cannot take it now; the caller may come back. */
export class BusyError extends Error {
  override readonly name = 'BusyError'
}

interface Waiting<Document> {
  documents: Document[]
  resolve(known: number): void
  reject(error: Error): void
}

export function createGroupCommit<Document>(options: GroupCommitOptions<Document>) {
  const { insert, lanes = 2, most = 5_000, room = 50_000, patienceMs = 8_000 } = options
  let queue: Array<Waiting<Document>> = []
  let waiting = 0
  let busy = 0

  const take = (): Array<Waiting<Document>> => {
    let count = 0
    let upTo = 0
    while (upTo < queue.length && (count === 0 || count < most))
      count += queue[upTo++]?.documents.length ?? 0
    const group = queue.slice(0, upTo)
    queue = queue.slice(upTo)
    return group
  }

  const commit = async (group: Array<Waiting<Document>>): Promise<void> => {
    const documents = group.flatMap((entry) => entry.documents)
    try {
      const known = await insert(documents)
      let start = 0
      for (const { documents: own, resolve } of group) {
        resolve(known.size === 0 ? 0 : countKnown(known, start, own.length))
        start += own.length
      }
    } catch (error) {
      const reason = error instanceof Error ? error : new Error('The events were not stored.')
      for (const { reject } of group) reject(reason)
    } finally {
      waiting -= documents.length
      busy--
      pump()
    }
  }

  const pump = (): void => {
    while (busy < lanes && queue.length > 0) {
      busy++
      void commit(take())
    }
  }

  return {
    /** Resolves with how many were known before, when all are durable. Throws BusyError. */
    add(documents: Document[]): Promise<number> {
      if (waiting + documents.length > room)
        return Promise.reject(new BusyError('Too many events wait to be stored.'))
      waiting += documents.length
      return new Promise((resolve, reject) => {
        const impatient = setTimeout(
          () => reject(new BusyError('The events could not be stored in time.')),
          patienceMs,
        )
        queue.push({
          documents,
          resolve: (known) => (clearTimeout(impatient), resolve(known)),
          reject: (error) => (clearTimeout(impatient), reject(error)),
        })
        // What comes in within the same turn of the event loop goes into the same insert.
        if (queue.length === 1) setImmediate(pump)
      })
    },
  }
}

function countKnown(known: ReadonlySet<number>, start: number, length: number): number {
  let count = 0
  for (const index of known) if (index >= start && index < start + length) count++
  return count
}
