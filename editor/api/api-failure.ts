/** What went wrong with a call, in the server's own words where it has answered. */
import type { ApiError } from '../../engine/contract/api/route.ts'

export class ApiFailure extends Error {
  override readonly name = 'ApiFailure'
  /** HTTP status; 0 when no answer came. */
  readonly status: number
  readonly details: ApiError

  constructor(status: number, details: ApiError) {
    super(details.message)
    this.status = status
    this.details = details
  }

  get offline(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504
  }
}

/** Message beside the field the server named. */
export const fieldMessage = (error: unknown, path: string): string | undefined =>
  error instanceof ApiFailure
    ? error.details.fields?.find((field) => field.path === path)?.message
    : undefined
