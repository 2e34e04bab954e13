/** What a store refuses, as errors a person can act on. They hold no personal data. */
import type { Problem } from '../contract/problem.ts'

/** There is no such thing. `what` is a noun: "flow". */
export class NotFoundError extends Error {
  override readonly name = 'NotFoundError'
  constructor(what: string) {
    super(`There is no such ${what}. It may have been deleted.`)
  }
}

/** Another writer was faster, or the thing is there already. `current` is what is stored. */
export class ConflictError extends Error {
  override readonly name = 'ConflictError'
  readonly code: string
  readonly current: unknown

  constructor(code: string, message: string, current?: unknown) {
    super(message)
    this.code = code
    this.current = current
  }
}

/** The flow has errors, so it cannot be published. */
export class ProblemsError extends Error {
  override readonly name = 'ProblemsError'
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    const errors = problems.filter((problem) => problem.severity === 'error').length
    super(`The flow cannot be published: ${errors} of its problems must be solved first.`)
    this.problems = problems
  }
}
