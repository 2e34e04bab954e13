import { expect, test } from 'vitest'
import { checkPassword, hashPassword } from './passwords.ts'
import { refuseWeakPassword } from './refuse-weak-password.ts'

const owner = { name: 'Anna Schmidt', email: 'anna.schmidt@example.com' }

test.each([
  'password1234',
  'Passw0rd!!!!',
  'qwertyuiop123',
  '1234567890',
  'aaaaaaaaaaaa',
  'iloveyou2024',
  'anna.schmidt1',
  'anna.schmidt@example.com',
  'Schmidt2024',
])('refuses %s', (password) => {
  expect(() => refuseWeakPassword(password, owner)).toThrow(/Choose another password/)
})

test.each(['correct horse battery staple', 'tR7!kqz0Wm', '五个汉字的密码也很长哦'])(
  'takes %s',
  (password) => {
    expect(() => refuseWeakPassword(password, owner)).not.toThrow()
  },
)

test('keeps a password as a salted hash with its parameters', async () => {
  const stored = await hashPassword('Café au lait')
  expect(stored).toMatch(/^scrypt\$32768\$8\$3\$/)
  expect(await hashPassword('Café au lait')).not.toBe(stored)
  expect(await checkPassword('Cafe\u0301 au lait', stored)).toBe(true)
  expect(await checkPassword('Café au lai', stored)).toBe(false)
  expect(await checkPassword('Café au lait', undefined)).toBe(false)
})
