/** The digests by which platforms know an address or number. */
import { createHash } from 'node:crypto'
import type { Identifier } from '../contract/item.ts'

export const HASHES = ['sha256', 'sha1', 'md5'] as const

/** Whoever it was may also stand somewhere as a digest made for a platform. */
export function hashesOf({ type, value }: Identifier): Identifier[] {
  if (type !== 'email' && type !== 'phone') return []
  const forms = type === 'phone' ? [value, value.replace(/^\+/, '')] : [value]
  return forms.flatMap((form) =>
    HASHES.map((name) => ({ type: name, value: createHash(name).update(form).digest('hex') })),
  )
}
