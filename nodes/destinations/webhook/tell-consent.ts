/** Tells a webhook's receiver that somebody it got data of said no. */
import { RejectedError, RetryableError } from '../../../engine/contract/error.ts'
import type { ConsentChange } from '../../../engine/contract/node.ts'
import type { HttpService } from '../../../engine/contract/services.ts'
import { judgeStatus, refuseSettings } from './judge-answer.ts'
import { signRequest } from './sign-request.ts'
import type { WebhookConfig } from './settings.ts'

export interface TellTarget {
  url: string
  host: string
  secret: string
  headers: Record<string, string>
  nodeName: string
  nodeId: string
  signal: AbortSignal
  http: HttpService
}

export async function tellConsent(
  { key, purpose, state, at, person, erased }: ConsentChange,
  settings: WebhookConfig,
  target: TellTarget,
): Promise<void> {
  const body = JSON.stringify({
    type: erased ? 'person_erased' : 'consent_changed',
    id: key,
    purpose,
    state,
    at,
    person,
  })
  const timestamp = Math.floor(Date.now() / 1_000)
  const answer = await target.http.request({
    method: 'POST',
    url: target.url,
    headers: {
      'content-type': 'application/json',
      ...target.headers,
      'idempotency-key': key.slice(0, 200),
      ...signRequest({ kind: settings.signature, secret: target.secret, id: key, timestamp, body }),
    },
    body,
    signal: target.signal,
    timeoutMs: settings.timeoutSeconds * 1_000,
  })
  refuseSettings(answer, target)
  const fate = judgeStatus(answer.status, answer.headers['retry-after'])
  if (fate.kind === 'refused')
    throw new RejectedError('refused_by_receiver', `${target.host} refused it (${answer.status}).`)
  if (fate.kind === 'later')
    throw new RetryableError('receiver_busy', `${target.host} is busy (${answer.status}).`)
}
