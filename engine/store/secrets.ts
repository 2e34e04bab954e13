/** Seals secrets with a key from outside the database (AES-256-GCM), bound to the place they belong. */
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'
import { RejectedError } from '../contract/error.ts'

export interface Secrets {
  /** `place` is authenticated: text sealed for one place does not open in another. */
  seal(secret: string, place: string): string
  /** Throws a RejectedError when the text was changed or its key is not here. */
  open(sealed: string, place: string): string
}

const ALGORITHM = 'aes-256-gcm'
const VERSION = 'v1'

/** `older` keys still open what was sealed before the key was replaced. */
export function createSecrets(key: Buffer, older: readonly Buffer[] = []): Secrets {
  const keys = new Map([key, ...older].map((each) => [keyId(each), deriveKey(each, 'secrets')]))
  const current = keyId(key)
  const sealingKey = deriveKey(key, 'secrets')
  return {
    seal(secret, place) {
      const iv = randomBytes(12)
      const cipher = createCipheriv(ALGORITHM, sealingKey, iv).setAAD(Buffer.from(place))
      const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
      const parts = [iv, cipher.getAuthTag(), text].map((part) => part.toString('base64url'))
      return [VERSION, current, ...parts].join('.')
    },
    open(sealed, place) {
      const [version, id, iv = '', tag = '', text = ''] = sealed.split('.')
      const opening = version === VERSION && id !== undefined ? keys.get(id) : undefined
      if (!opening)
        throw new RejectedError(
          'secret_key_missing',
          'A secret was sealed with a key that is not here. Put the earlier HEDDLE_SECRET_KEY back, or enter the secret again.',
        )
      try {
        const decipher = createDecipheriv(ALGORITHM, opening, Buffer.from(iv, 'base64url'), {
          authTagLength: 16,
        })
          .setAAD(Buffer.from(place))
          .setAuthTag(Buffer.from(tag, 'base64url'))
        const opened = [decipher.update(Buffer.from(text, 'base64url')), decipher.final()]
        return Buffer.concat(opened).toString('utf8')
      } catch (cause) {
        throw new RejectedError(
          'secret_was_changed',
          'A stored secret was changed outside Heddle, so it is not used. Enter it again.',
          { cause },
        )
      }
    },
  }
}

/** Names a key without telling it. */
const keyId = (key: Buffer): string =>
  createHash('sha256').update('heddle key id').update(key).digest('hex').slice(0, 12)

/** One key for each use, so that no use weakens another. */
export function deriveKey(key: Buffer, use: string): Buffer {
  if (key.length < 32)
    throw new RangeError('The secret key must have at least 32 bytes. Set HEDDLE_SECRET_KEY.')
  return Buffer.from(hkdfSync('sha256', key, '', `heddle ${use}`, 32))
}
