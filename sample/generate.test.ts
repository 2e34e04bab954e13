import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { plainEmail, plainLoyaltyId, plainPhone, isBlocked } from '../test/support/independent-count.ts'
import { generateSample, sampleDefaults, type Sample, type Truth } from './generate.ts'

const today = '2026-01-15'
let root: string
let sample: Sample

const generate = (name: string, changes: { seed?: number; today?: string } = {}) =>
  generateSample({ ...sampleDefaults, people: 400, today, ...changes, folder: join(root, name) })

const digestsOf = async ({ files, truthPath }: Sample): Promise<string[]> => {
  const paths = [...files.map(({ path }) => path), truthPath]
  const contents = await Promise.all(paths.map((path) => readFile(path)))
  return contents.map((content) => createHash('sha256').update(content).digest('hex'))
}

const textOf = async (name: string): Promise<string> =>
  readFile(join(root, 'default', name), 'utf8')

const rowsOf = async (name: string, delimiter: string): Promise<Record<string, string>[]> =>
  parse(await textOf(name), { bom: true, columns: true, delimiter })

const truthOf = async (): Promise<Truth> =>
  JSON.parse(await readFile(sample.truthPath, 'utf8')) as Truth

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'heddle-sample-'))
  sample = await generateSample({ ...sampleDefaults, today, folder: join(root, 'default') })
})

afterAll(() => rm(root, { recursive: true }))

describe('generateSample', () => {
  it('writes the same bytes for the same seed and day', async () => {
    expect(await digestsOf(await generate('one'))).toEqual(await digestsOf(await generate('two')))
  })

  it('writes other bytes for another seed and for another day', async () => {
    const first = await digestsOf(await generate('three'))
    for (const changes of [{ seed: 7 }, { today: '2026-01-16' }]) {
      const other = await digestsOf(await generate('four', changes))
      other.forEach((digest, index) => expect(digest).not.toBe(first[index]))
    }
  })

  it('refuses a reference date that is not a day', async () => {
    await expect(generate('five', { today: 'yesterday' })).rejects.toThrow('yyyy-mm-dd')
  })

  it.each([
    ['crm-contacts.csv', 6000, 6500],
    ['web-orders.csv', 13_000, 15_000],
    ['pos-receipts.csv', 8_000, 10_000],
    ['newsletter-events.ndjson', 19_000, 22_000],
    ['consent-export.csv', 6_500, 7_800],
  ])('gives %s the size of a small retailer', (name, least, most) => {
    const rows = sample.files.find((file) => file.name === name)?.rows
    expect(rows).toBeGreaterThanOrEqual(least)
    expect(rows).toBeLessThanOrEqual(most)
  })

  it('states the rows that a CSV reader finds', async () => {
    const found = {
      contacts: (await rowsOf('crm-contacts.csv', ';')).length,
      orders: (await rowsOf('web-orders.csv', ',')).length,
      receipts: (await rowsOf('pos-receipts.csv', '\t')).length,
      newsletter: (await textOf('newsletter-events.ndjson')).trimEnd().split('\n').length,
      consents: (await rowsOf('consent-export.csv', ',')).length,
    }
    expect(found).toEqual(Object.fromEntries(sample.files.map(({ kind, rows }) => [kind, rows])))
  })

  it('opens contacts with a byte order mark and keeps delimiters and line ends inside quotes', async () => {
    expect((await textOf('crm-contacts.csv')).charCodeAt(0)).toBe(0xfeff)
    const notes = (await rowsOf('crm-contacts.csv', ';')).map(({ notes = '' }) => notes)
    expect(notes.some((note) => note.includes(';') && note.includes('\n'))).toBe(true)
    expect(notes.some((note) => note.includes('"'))).toBe(true)
  })

  it('breaks a few newsletter lines and delivers some messages twice', async () => {
    const lines = (await textOf('newsletter-events.ndjson')).trimEnd().split('\n')
    const ids: unknown[] = []
    let broken = 0
    for (const line of lines) {
      try {
        ids.push((JSON.parse(line) as { messageId: unknown }).messageId)
      } catch {
        broken++
      }
    }
    expect(broken).toBe(12)
    expect(ids.length - new Set(ids).size).toBeGreaterThan(100)
  })

  it('uses no e-mail domain outside those reserved for examples', async () => {
    for (const { name } of sample.files) {
      const domains = (await textOf(name)).match(/@[\w.-]+\.[a-z]+/gi) ?? []
      const real = domains.filter((domain) => !/[@.]example\.(com|org|net)$/i.test(domain))
      expect(real).toEqual([])
    }
  })

  it('writes phone numbers that their country accepts and keeps for fiction', async () => {
    const rows = await rowsOf('crm-contacts.csv', ';')
    const numbers = rows.flatMap(({ phone = '', country = '' }) => plainPhone(phone, country) ?? [])
    const fiction =
      /^\+(44(207946|11[3-8]496|1[2-6]1496|191498)0\d{3}|49(3023125|6990009|4066969|2214710|8999998)\d{3}|49(17139200|176040690)\d\d|33(19900|26191|35301|46571|53649)\d{4}|1\d{3}55501\d\d|861900000\d{4})$/
    expect(numbers.length).toBeGreaterThan(3000)
    expect(numbers.filter((number) => !fiction.test(number))).toEqual([])
  })

  it('never gives an identifier to two people', async () => {
    const owners = new Map<string, string>()
    const truth = await truthOf()
    const contacts = await rowsOf('crm-contacts.csv', ';')
    const orders = await rowsOf('web-orders.csv', ',')
    const receipts = await rowsOf('pos-receipts.csv', '\t')
    const consents = await rowsOf('consent-export.csv', ',')
    const claim = (person: string, values: (string | undefined)[]): void => {
      for (const value of values) {
        if (value === undefined || isBlocked(value)) continue
        expect(owners.get(value) ?? person).toBe(person)
        owners.set(value, person)
      }
    }
    for (const [person, rows] of Object.entries(truth.people)) {
      for (const number of rows.contacts ?? []) {
        const { email, phone = '', country = '', loyalty_id = '' } = contacts[number - 1] ?? {}
        claim(person, [plainEmail(email), plainPhone(phone, country), plainLoyaltyId(loyalty_id)])
      }
      for (const number of rows.orders ?? []) {
        const { email, customer_account_id, anonymous_id } = orders[number - 1] ?? {}
        claim(person, [plainEmail(email), customer_account_id, anonymous_id])
      }
      for (const number of rows.receipts ?? []) {
        const { phone = '', country = '', loyalty_id = '' } = receipts[number - 1] ?? {}
        claim(person, [plainPhone(phone, country), plainLoyaltyId(loyalty_id)])
      }
      for (const number of rows.consents ?? []) {
        claim(person, [plainEmail(consents[number - 1]?.email)])
      }
    }
    expect(owners.size).toBeGreaterThan(10_000)
  })

  it('keeps purchases a day away from the 60-day line, so no time zone moves one across', async () => {
    const line = Date.parse(`${today}T00:00:00Z`) - 60 * 86_400_000
    const orders = (await rowsOf('web-orders.csv', ',')).map((row) => Date.parse(row.order_time ?? ''))
    const receipts = (await rowsOf('pos-receipts.csv', '\t')).map(({ time = '' }) =>
      Date.parse(time.replace(/^(\d\d)\/(\d\d)\/(\d{4}) (.*)$/, '$3-$2-$1T$4:00Z')),
    )
    const times = [...orders, ...receipts]
    expect(times.every((time) => Math.abs(time - line) >= 86_400_000)).toBe(true)
    expect(times.every((time) => time < Date.parse(`${today}T00:00:00Z`))).toBe(true)
  })

  it('knows in its truth file the person behind every row but broken lines and walk-ins', async () => {
    const truth = await truthOf()
    const owned = (kind: 'contacts' | 'orders' | 'receipts' | 'newsletter') =>
      Object.values(truth.people).reduce((sum, rows) => sum + (rows[kind]?.length ?? 0), 0)
    const rows = Object.fromEntries(sample.files.map((file) => [file.kind, file.rows]))
    expect(owned('contacts')).toBe(rows.contacts)
    expect(owned('orders')).toBe(rows.orders)
    expect(owned('receipts')).toBe((rows.receipts ?? 0) - sample.facts.walkInReceipts)
    expect(owned('newsletter')).toBe((rows.newsletter ?? 0) - 12)
  })
})
