import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generateSample, sampleDefaults } from '../../sample/generate.ts'
import { countWelcomeBack, plainEmail, plainPhone } from './independent-count.ts'

const today = '2026-03-02'
let root: string

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'heddle-count-'))
})
afterAll(() => rm(root, { recursive: true }))

const mail = (messageId: string, event: string, rest: object): string =>
  JSON.stringify({ type: 'track', event, messageId, timestamp: '2025-10-01T09:00:00Z', ...rest })

/** Seven people who can be found and one, Cy, who cannot: few enough to count by hand. */
const byHand = {
  'crm-contacts.csv': `\uFEFFcustomer_no;email;phone;country;loyalty_id;notes
1; ADA@Example.com ;020 7946 0001;GB;lt1;Ada
2;;+44 20 7946 0001;GB;LT1;"Ada again;
by phone"
3;bob@example.com;0000000000;DE;-1;Bob
4;cy@@example.com;n/a;GB;;nobody can be found by this
5;info@example.com;(212) 555-0101;US;;Dee by her phone
6;eve@example.com;;GB;00000000;Eve
`,
  'web-orders.csv': `order_id,order_time,email,customer_account_id,anonymous_id,total,status
1,2025-06-01T10:00:00Z,ada.new@example.com,u1,a1,10.00,paid
2,2025-06-02T10:00:00Z,bob@example.com,null,anonymous,10.00,paid
3,2026-02-20T10:00:00Z,eve@example.com,u5,a5,10.00,paid
4,2025-06-03T10:00:00Z,fay@example.com,,a6,10.00,cancelled
5,2025-06-04T10:00:00Z,gus@example.com,,anonymous,10.00,paid
6,2025-12-31T23:59:59Z,hal@example.com,u8,a8,10.00,paid
7,2026-02-28T10:00:00Z,hal@example.com,u8,a8,10.00,refunded
`,
  'pos-receipts.csv': `receipt_id\tcountry\ttime\tloyalty_id\tphone\ttotal
1\tGB\t03/06/2025 10:00\t lt1 \t\t9.50
2\tUS\t04/06/2025 10:00\t\t212.555.0101\t9.50
3\tDE\t05/06/2025 10:00\t\t\t9,50
`,
  'newsletter-events.ndjson': [
    mail('m1', 'Email Opened', { userId: 'u1', context: { traits: { email: 'ada@example.com' } } }),
    mail('m1', 'Email Opened', { userId: 'u1', context: { traits: { email: 'ada@example.com' } } }),
    '{"type":"track","event":',
    mail('m2', 'Unsubscribed', {
      anonymousId: 'a9',
      context: { traits: { email: 'gus@example.com' } },
    }),
    mail('m3', 'Email Opened', { userId: 'u8' }),
    '',
  ].join('\n'),
  'consent-export.csv': `email,purpose,state,time
ADA@EXAMPLE.COM,email_marketing,granted,2025-05-02T10:00:00+01:00
ada@example.com,email_marketing,denied,2025-05-02T08:59:59Z
gus@example.com,email_marketing,granted,2025-09-01T10:00:00Z
bob@example.com,email_marketing,denied,2025-09-01T10:00:00Z
bob@example.com,ads,granted,2025-09-01T10:00:00Z
hal@example.com,email_marketing,granted,2025-09-01T10:00:00Z
eve@example.com,email_marketing,granted,2025-09-01T10:00:00Z
info@example.com,email_marketing,granted,2025-09-01T10:00:00Z
`,
}

describe('countWelcomeBack', () => {
  it('agrees with a count by hand', async () => {
    for (const [name, text] of Object.entries(byHand)) await writeFile(join(root, name), text)
    const count = await countWelcomeBack({ folder: root, today })
    expect(count).toEqual({
      rowsRead: { contacts: 6, orders: 7, receipts: 3, newsletter: 5, consents: 8 },
      failedLines: 1,
      distinctMessages: 3,
      rowsWithoutIdentifier: { contacts: 1, orders: 0, receipts: 1, newsletter: 0, consents: 1 },
      identifiers: { user_id: 3, email: 7, phone: 2, loyalty_id: 1, anonymous_id: 5 },
      // Ada, Bob, Dee, Eve, Fay, Gus and Hal.
      persons: 7,
      violations: 0,
      consentTies: 0,
      personsWithPurchases: 6,
      consent: {
        persons: { granted: 3, denied: 1, withdrawn: 1, unknown: 2 },
        buyers: { granted: 3, denied: 1, withdrawn: 1, unknown: 1 },
        lapsed: { granted: 2, denied: 1, withdrawn: 1, unknown: 1 },
      },
      consentByPurpose: {
        ads: { granted: 1, denied: 0, withdrawn: 0, unknown: 6 },
        email_marketing: { granted: 3, denied: 1, withdrawn: 1, unknown: 2 },
      },
      lapsedBuyers: 5,
      audienceSize: 2,
      audienceEmails: [['ada.new@example.com', 'ada@example.com'], ['hal@example.com']],
    })
  })

  it('reports people joined under two user ids instead of trusting its numbers', async () => {
    const orders = `${byHand['web-orders.csv']}8,2025-06-05T10:00:00Z,hal@example.com,u9,,10.00,paid\n`
    const files = { ...byHand, 'web-orders.csv': orders }
    for (const [name, text] of Object.entries(files)) await writeFile(join(root, name), text)
    expect((await countWelcomeBack({ folder: root, today })).violations).toBe(1)
  })

  it.each(['2025-02-28', '2026-01-15', '2026-07-01'])(
    'finds no broken limit, no tie and a few hundred to win back in the sample of %s',
    async (day) => {
      const folder = join(root, day)
      await generateSample({ ...sampleDefaults, today: day, folder })
      const count = await countWelcomeBack({ folder, today: day })
      expect(count).toMatchObject({ violations: 0, consentTies: 0, failedLines: 12 })
      expect(count.audienceSize).toBeGreaterThan(300)
      expect(count.audienceSize).toBeLessThan(900)
      expect(count.audienceSize).toBe(count.consent.lapsed.granted)
    },
  )
})

describe('plainEmail and plainPhone', () => {
  it.each([
    [' Jane@Example.COM ', 'jane@example.com'],
    ['jane@@example.com', undefined],
    ['jane@example', undefined],
    ['', undefined],
  ])('reads "%s" as %s', (raw, email) => {
    expect(plainEmail(raw)).toBe(email)
  })

  it.each([
    ['030/23125456', 'DE', '+493023125456'],
    ['0044 20 7946 0001', 'GB', '+442079460001'],
    ['000-000-0000', 'US', undefined],
  ])('reads the phone number "%s" of %s as %s', (raw, region, phone) => {
    expect(plainPhone(raw, region)).toBe(phone)
  })
})
