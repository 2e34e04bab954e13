/** What comes back from a thread. An error would lose its class on the way, so ours travel as data. */
import { RejectedError } from '../contract/error.ts'
import type { Verdict } from '../contract/item.ts'
import type { PackedResult } from '../run/pack-result.ts'

export interface Verdicts {
  verdicts: Verdict[]
}

export type ThreadAnswer =
  PackedResult | Verdicts | { rejected: { code: string; message: string; nodeId?: string } }

export async function toAnswer(
  work: () => Promise<PackedResult | Verdicts>,
): Promise<ThreadAnswer> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof RejectedError)) throw error
    const { code, message, nodeId } = error
    return { rejected: { code, message, ...(nodeId === undefined ? {} : { nodeId }) } }
  }
}

/** Throws the RejectedError that the thread met. */
export function readAnswer(answer: ThreadAnswer): PackedResult | Verdicts {
  if (!('rejected' in answer)) return answer
  const { code, message, nodeId } = answer.rejected
  throw new RejectedError(code, message, nodeId === undefined ? {} : { nodeId })
}
