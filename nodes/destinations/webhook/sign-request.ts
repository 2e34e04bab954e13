/** Headers by which a receiver checks that a request is ours and unchanged. */
import { createHmac } from 'node:crypto'

export interface SigningInput {
  kind: 'none' | 'standard' | 'x_signature'
  /** `whsec_` and base64 for Standard Webhooks; any text otherwise. */
  secret: string
  /** The same on each attempt. */
  id: string
  /** Seconds since 1970, of this attempt: receivers refuse old ones. */
  timestamp: number
  body: string
}

export function signRequest(input: SigningInput): Record<string, string> {
  if (input.kind === 'none') return {}
  if (input.kind === 'x_signature')
    return { 'x-signature': createHmac('sha1', input.secret).update(input.body).digest('hex') }
  const { id, timestamp, body } = input
  const signed = createHmac('sha256', keyOf(input.secret)).update(`${id}.${timestamp}.${body}`)
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': `v1,${signed.digest('base64')}`,
  }
}

const keyOf = (secret: string): Buffer => Buffer.from(secret.replace(/^whsec_/, ''), 'base64')

/** Whether a secret can sign: Standard Webhooks asks for 24 to 64 bytes in base64. */
export function isSigningSecret(kind: SigningInput['kind'], secret: string): boolean {
  if (kind === 'none') return true
  if (kind === 'x_signature') return secret !== ''
  const key = keyOf(secret)
  return key.length >= 24 && key.length <= 64
}
