/** A test message through a connection, by the same client and signature as a flow's own. */
import { randomUUID } from 'node:crypto'
import { RejectedError, RetryableError } from '../contract/error.ts'
import type { ConnectionsService, HttpService } from '../contract/services.ts'
import { isSigningSecret, signRequest } from '../../nodes/destinations/webhook/sign-request.ts'
import type { ServerParts } from './parts.ts'

export interface TestSenderDeps {
  connections: ConnectionsService
  http: HttpService
}

export function createTestSender({ connections, http }: TestSenderDeps): ServerParts['sendTest'] {
  return async (connectionId) => {
    const { settings, secrets } = await connections.read(connectionId)
    const url = settings['url']
    if (typeof url !== 'string' || url === '')
      return { ok: false, message: 'The connection has no address. Enter one and save it.' }
    const secret = secrets['signing_secret'] ?? ''
    const body = JSON.stringify({ type: 'heddle.test', sentAt: new Date().toISOString() })
    const signature = signRequest({
      kind: isSigningSecret('standard', secret) ? 'standard' : 'none',
      secret,
      id: randomUUID(),
      timestamp: Math.floor(Date.now() / 1_000),
      body,
    })
    const { authorization } = secrets
    try {
      const { status } = await http.request({
        method: 'POST',
        url,
        body,
        headers: {
          'content-type': 'application/json',
          ...signature,
          ...(authorization ? { authorization } : {}),
        },
      })
      const ok = status >= 200 && status < 300
      return { ok, message: `The receiver answered ${status}.` }
    } catch (error) {
      // What the egress client refuses or cannot reach is the answer to the test, not a failure of ours.
      if (error instanceof RejectedError || error instanceof RetryableError)
        return { ok: false, message: error.message }
      throw error
    }
  }
}
