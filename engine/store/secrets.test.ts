import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { createSecrets } from './secrets.ts'

const key = randomBytes(32)
const secrets = createSecrets(key)

test('opens what it sealed, each time sealed differently', () => {
  const sealed = secrets.seal('päss', 'here')
  expect(secrets.open(sealed, 'here')).toBe('päss')
  expect(secrets.seal('päss', 'here')).not.toBe(sealed)
})

test('refuses every single changed character', () => {
  const sealed = secrets.seal('a secret of some length', 'here')
  for (let i = 0; i < sealed.length; i++) {
    const changed = sealed.slice(0, i) + (sealed[i] === 'B' ? 'C' : 'B') + sealed.slice(i + 1)
    const [, , iv = '', tag = '', text = ''] = changed.split('.')
    const [, , iv0 = '', tag0 = '', text0 = ''] = sealed.split('.')
    const sameBytes = [
      [iv, iv0],
      [tag, tag0],
      [text, text0],
    ].every(([a = '', b = '']) => Buffer.from(a, 'base64url').equals(Buffer.from(b, 'base64url')))
    // The last character of base64 may hold bits that stand for nothing.
    if (sameBytes && changed.startsWith(sealed.slice(0, 16))) continue
    expect(() => secrets.open(changed, 'here'), `character ${i}`).toThrow(/secret was|sealed with/)
  }
})

test('refuses another place and another key, and takes an older key', () => {
  const sealed = secrets.seal('x', 'here')
  expect(() => secrets.open(sealed, 'there')).toThrow(/changed outside/)
  expect(() => createSecrets(randomBytes(32)).open(sealed, 'here')).toThrow(/key that is not here/)
  expect(createSecrets(randomBytes(32), [key]).open(sealed, 'here')).toBe('x')
})

test('refuses a short key', () => {
  expect(() => createSecrets(randomBytes(16))).toThrow(/32 bytes/)
})
