/** Why a request to the outside was not made or got no answer. Names hosts, never paths or queries. */
import { RejectedError, RetryableError } from '../contract/error.ts'

/** Nothing was sent, and trying again would not help: an address or header has to be changed. */
export type RefusalCode =
  | 'egress_bad_url'
  | 'egress_bad_header'
  | 'egress_blocked_address'
  | 'egress_bad_redirect'
  | 'egress_bad_certificate'

/** The receiver may have got the request all the same. */
export type FailureCode =
  | 'egress_timeout'
  | 'egress_refused'
  | 'egress_dns'
  | 'egress_bad_answer'
  | 'egress_answer_too_large'

export class EgressRefusal extends RejectedError {
  constructor(code: RefusalCode, message: string, options: { cause?: unknown } = {}) {
    super(code, message, options)
  }
}

export class EgressFailure extends RetryableError {
  constructor(code: FailureCode, message: string, options: { cause?: unknown } = {}) {
    super(code, message, options)
  }
}

const CONNECTION_LOST: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'EPIPE',
  'UND_ERR_SOCKET',
])

/** The error of a request that got no answer, in our words. */
export function toEgressError(error: unknown, host: string): Error {
  if (error instanceof EgressRefusal || error instanceof EgressFailure) return error
  const code = codeOf(error)
  if (isTimeout(error, code)) return timedOut(host, error)
  if (code.startsWith('CERT_') || code.startsWith('ERR_TLS_') || /CERT|SIGNATURE/.test(code))
    return new EgressRefusal(
      'egress_bad_certificate',
      `${host} did not prove who it is (${code}). Ask its owner to renew the certificate.`,
      { cause: error },
    )
  if (CONNECTION_LOST.has(code))
    return new EgressFailure(
      'egress_refused',
      `${host} closed or refused the connection (${code}). Check that it is up.`,
      { cause: error },
    )
  return new EgressFailure(
    'egress_bad_answer',
    `${host} did not answer in valid HTTP (${code || 'unknown reason'}). Check the address.`,
    { cause: error },
  )
}

export const timedOut = (host: string, cause?: unknown): EgressFailure =>
  new EgressFailure(
    'egress_timeout',
    `${host} did not answer in time. Check that it is up, or allow more time.`,
    { cause },
  )

const isTimeout = (error: unknown, code: string): boolean =>
  (error instanceof Error && error.name === 'TimeoutError') ||
  code === 'ETIMEDOUT' ||
  /^UND_ERR_.*TIMEOUT$/.test(code)

/** Several addresses of one name may each have failed: the first failure speaks for them. */
function codeOf(error: unknown): string {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error
  const code: unknown =
    typeof first === 'object' && first !== null && 'code' in first ? first.code : undefined
  return typeof code === 'string' ? code : ''
}
