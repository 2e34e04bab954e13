/** Failures sorted by what happens next (style.md). Their texts hold no personal data. */

/** Settings or credentials are wrong: the stage fails and the run names the node. */
export class RejectedError extends Error {
  override readonly name = 'RejectedError'
  readonly code: string
  readonly nodeId?: string

  constructor(code: string, message: string, options: { nodeId?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.code = code
    if (options.nodeId !== undefined) this.nodeId = options.nodeId
  }
}

/** A service is down for now: Temporal retries as `workflows/tuning.ts` says. */
export class RetryableError extends Error {
  override readonly name = 'RetryableError'
  readonly code: string
  readonly afterMs?: number

  constructor(code: string, message: string, options: { afterMs?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.code = code
    if (options.afterMs !== undefined) this.afterMs = options.afterMs
  }
}

/** The run was paused or cancelled while the page was being worked on; nothing is committed. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError'
  constructor() {
    super('The run was paused or cancelled before this page was finished.')
  }
}
