/** The ways in which people and systems spoil a value. */
import type { EmailRegister } from './people.ts'
import type { Random } from './random.ts'

const capitalised = (email: string): string =>
  email.replace(/(^|[.@_])([a-z])/g, (_, before: string, letter: string) => before + letter.toUpperCase())

/** The same address as someone else would type it: still one person's. */
export const writeEmail = (email: string, random: Random): string =>
  random.weighted<() => string>([
    [() => email, 74],
    [() => capitalised(email), 12],
    [() => email.toUpperCase(), 5],
    [() => ` ${email}`, 3],
    [() => `${email} `, 4],
    [() => ` ${capitalised(email)}  `, 2],
  ])()

/** No mail system would take these, whichever rule it follows. */
export const spoilEmail = (email: string, random: Random): string =>
  random.pick<(text: string) => string>([
    (text) => text.replace('@', '@@'),
    (text) => text.replace('@', ' at '),
    (text) => text.replace('@', ''),
    (text) => text.replace(/@.*/, '@example'),
    () => 'n/a',
    () => '-',
    () => 'no email',
  ])(email)

/** Mailboxes of desks, not of people. */
export const sharedMailboxes = [
  'info@example.com',
  'Info@shop.example.org',
  'support@example.net',
  'support@loom-and-thread.example.com',
  'test@example.com',
]

const misspell = (text: string, random: Random): string => {
  const at = random.int(1, Math.max(1, text.length - 2))
  const [a = '', b = ''] = [text.charAt(at), text.charAt(at + 1)]
  const [before, after] = [text.slice(0, at), text.slice(at + 2)]
  return random.pick([before + b + a + after, before + a + after, before + a + a + b + after])
}

export const misspellName = (name: string, random: Random): string =>
  name.length < 3 ? name : misspell(name, random)

/** A wrong address that is nobody else's, or undefined if every attempt hit one in use. */
export const misspellEmail = (
  email: string,
  random: Random,
  taken: EmailRegister,
): string | undefined => {
  const [local = '', domain = ''] = email.split('@')
  const wrong = `${misspell(local, random)}@${domain}`
  // A dot moved to an edge would make the address malformed, which is another kind of dirt.
  if (taken.has(wrong) || /\.\.|\.@|^[._]/.test(wrong)) return undefined
  taken.add(wrong)
  return wrong
}

export const writeLoyaltyId = (loyaltyId: string, random: Random): string =>
  random.weighted([
    [loyaltyId, 84],
    [loyaltyId.toLowerCase(), 9],
    [` ${loyaltyId}`, 4],
    [`${loyaltyId} `, 3],
  ])

export const noPhone = ['0000000000', 'n/a', '-', 'unknown', '000-000-0000', 'see notes']
