/** Looks again until what is there is as wanted. Throws with the last look when it does not come. */
import { setTimeout as sleep } from 'node:timers/promises'

const MOST_MS = 60_000
const EVERY_MS = 100

export async function until<Seen>(
  look: () => Promise<Seen> | Seen,
  isThere: (seen: Seen) => boolean = Boolean,
  mostMs = MOST_MS,
): Promise<Seen> {
  const end = Date.now() + mostMs
  for (;;) {
    const seen = await look()
    if (isThere(seen)) return seen
    if (Date.now() > end)
      throw new Error(`It did not come within ${mostMs} ms. Last seen: ${JSON.stringify(seen)}`)
    await sleep(EVERY_MS)
  }
}
