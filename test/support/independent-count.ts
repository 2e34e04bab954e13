/**
 * Counts what the flow "Welcome back" must yield from the five files of the sample, by code that
 * shares nothing with the product: own reading, own normalising, plain union-find.
 *
 * It knows no identity limits. It reports the components that would break one, and its numbers are
 * exact only while there are none (`violations`), which the default sample keeps to.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/max'

const DAY = 86_400_000

export const plainEmail = (value: unknown): string | undefined => {
  const email = typeof value === 'string' ? value.trim().toLowerCase() : ''
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email) ? email : undefined
}

export const plainPhone = (value: string, region: string): string | undefined => {
  const phone = parsePhoneNumberFromString(value, region as CountryCode)
  return phone?.isValid() && phone.ext === undefined ? phone.number : undefined
}

export const plainLoyaltyId = (value: string): string | undefined =>
  value.trim().toUpperCase() || undefined

const blockedPatterns = [/^[0-]*$/, /^(info|support|test)@/]
const blockedValues = ['-1', 'null', 'anonymous']

export const isBlocked = (value: string): boolean =>
  blockedValues.includes(value.toLowerCase()) ||
  blockedPatterns.some((pattern) => pattern.test(value))

const kinds = ['user_id', 'email', 'phone', 'loyalty_id', 'anonymous_id'] as const
type Kind = (typeof kinds)[number]
type Keys = Partial<Record<Kind, string | undefined>>

type Consent = { at: number; state: string }

/** One row of any file, reduced to what the count needs. */
type Row = {
  /** Node numbers of its identifiers in the union-find; none: nobody can be found by this row. */
  nodes: number[]
  purchaseAt?: number
  consent?: Consent & { purpose: string }
}

const valueLimit: Record<Kind, number> = {
  user_id: 1,
  email: 5,
  phone: 5,
  loyalty_id: 5,
  anonymous_id: 5,
}

type Forest = {
  nodes: { kind: Kind; value: string }[]
  numberOf: Map<string, number>
  parents: number[]
}

const rootOf = (parents: number[], node: number): number => {
  let root = node
  while (parents[root] !== root) root = parents[root] ?? root
  parents[node] = root
  return root
}

const nodesOf = ({ nodes, numberOf, parents }: Forest, keys: Keys): number[] => {
  const found: number[] = []
  for (const kind of kinds) {
    const value = keys[kind]
    if (value === undefined || value === '' || isBlocked(value)) continue
    const name = `${kind}:${value}`
    const number = numberOf.get(name) ?? nodes.push({ kind, value }) - 1
    numberOf.set(name, number)
    parents[number] ??= number
    found.push(number)
  }
  const [first = 0, ...others] = found
  for (const other of others) parents[rootOf(parents, other)] = rootOf(parents, first)
  return found
}

type Table = Record<string, string>[]

const readTable = async (path: string, delimiter: string): Promise<Table> =>
  parse(await readFile(path), { bom: true, columns: true, delimiter })

type MailEvent = {
  event: string
  messageId: string
  timestamp: string
  userId?: string
  anonymousId?: string
  context?: { traits?: { email?: string } }
}

const parseLine = (line: string): MailEvent | undefined => {
  try {
    return JSON.parse(line) as MailEvent
  } catch {
    return undefined
  }
}

const readLines = async (path: string): Promise<(MailEvent | undefined)[]> =>
  (await readFile(path, 'utf8'))
    .split('\n')
    .filter((line) => line !== '')
    .map(parseLine)

const contactRow = (row: Table[number], forest: Forest): Row => ({
  nodes: nodesOf(forest, {
    email: plainEmail(row.email),
    phone: plainPhone(row.phone ?? '', row.country ?? ''),
    loyalty_id: plainLoyaltyId(row.loyalty_id ?? ''),
  }),
})

const orderRow = (row: Table[number], forest: Forest): Row => ({
  nodes: nodesOf(forest, {
    user_id: row.customer_account_id,
    email: plainEmail(row.email),
    anonymous_id: row.anonymous_id,
  }),
  ...(row.status === 'paid' && { purchaseAt: Date.parse(row.order_time ?? '') }),
})

const tillTime = (text: string): number => {
  const [day, month, year, hour, minute] = text.split(/[/ :]/).map(Number)
  return Date.UTC(year ?? NaN, (month ?? NaN) - 1, day, hour, minute)
}

const receiptRow = (row: Table[number], forest: Forest): Row => ({
  nodes: nodesOf(forest, {
    loyalty_id: plainLoyaltyId(row.loyalty_id ?? ''),
    phone: plainPhone(row.phone ?? '', row.country ?? ''),
  }),
  purchaseAt: tillTime(row.time ?? ''),
})

const consentRow = (row: Table[number], forest: Forest): Row => ({
  nodes: nodesOf(forest, { email: plainEmail(row.email) }),
  consent: { purpose: row.purpose ?? '', state: row.state ?? '', at: Date.parse(row.time ?? '') },
})

const mailRow = (mail: MailEvent, forest: Forest): Row => ({
  nodes: nodesOf(forest, {
    user_id: mail.userId,
    email: plainEmail(mail.context?.traits?.email),
    anonymous_id: mail.anonymousId,
  }),
  ...(mail.event === 'Unsubscribed' && {
    consent: { purpose: 'email_marketing', state: 'withdrawn', at: Date.parse(mail.timestamp) },
  }),
})

type Person = {
  values: Record<Kind, string[]>
  lastPurchase: number
  consents: Map<string, Consent>
  tied: boolean
}

const newPerson = (): Person => ({
  values: { user_id: [], email: [], phone: [], loyalty_id: [], anonymous_id: [] },
  lastPurchase: Number.NEGATIVE_INFINITY,
  consents: new Map(),
  tied: false,
})

const addConsent = (person: Person, { purpose, at, state }: NonNullable<Row['consent']>): void => {
  const known = person.consents.get(purpose)
  if (known && known.at === at && known.state !== state) person.tied = true
  if (!known || at >= known.at) person.consents.set(purpose, { at, state })
}

const gatherPeople = (rows: Row[], { nodes, parents }: Forest): Person[] => {
  const people = new Map<number, Person>()
  const personOf = (node: number): Person => {
    const root = rootOf(parents, node)
    const person = people.get(root) ?? newPerson()
    people.set(root, person)
    return person
  }
  nodes.forEach(({ kind, value }, node) => personOf(node).values[kind].push(value))
  for (const {
    nodes: [node],
    purchaseAt,
    consent,
  } of rows) {
    if (node === undefined) continue
    const person = personOf(node)
    if (purchaseAt !== undefined) person.lastPurchase = Math.max(person.lastPurchase, purchaseAt)
    if (consent) addConsent(person, consent)
  }
  return [...people.values()]
}

export type ConsentCount = { granted: number; denied: number; withdrawn: number; unknown: number }

const consentOf = (person: Person, purpose: string): keyof ConsentCount => {
  const state = person.consents.get(purpose)?.state
  return state === 'granted' || state === 'denied' || state === 'withdrawn' ? state : 'unknown'
}

const countConsent = (people: Person[], purpose: string): ConsentCount => {
  const count: ConsentCount = { granted: 0, denied: 0, withdrawn: 0, unknown: 0 }
  for (const person of people) count[consentOf(person, purpose)]++
  return count
}

const breaksLimit = ({ values }: Person): boolean =>
  kinds.some((kind) => values[kind].length > valueLimit[kind])

export type WelcomeBackCount = {
  /** Data rows per file; of the newsletter all lines, broken ones too. */
  rowsRead: Record<'contacts' | 'orders' | 'receipts' | 'newsletter' | 'consents', number>
  failedLines: number
  distinctMessages: number
  /** Rows (each message once) that carry no usable identifier. */
  rowsWithoutIdentifier: Record<
    'contacts' | 'orders' | 'receipts' | 'newsletter' | 'consents',
    number
  >
  identifiers: Record<Kind, number>
  persons: number
  /** Components that hold two user ids or more than five values of a kind. */
  violations: number
  /** Persons whose latest consent is a tie between two states. */
  consentTies: number
  personsWithPurchases: number
  /** `email_marketing`, for all persons, those who ever bought, and those who have lapsed. */
  consent: Record<'persons' | 'buyers' | 'lapsed', ConsentCount>
  /** All persons, for each purpose of the export. */
  consentByPurpose: Record<string, ConsentCount>
  lapsedBuyers: number
  audienceSize: number
  /** All usable e-mail addresses of each person in the audience, sorted; people sorted by first. */
  audienceEmails: string[][]
}

export type WelcomeBackInput = {
  folder: string
  /** yyyy-mm-dd, read as midnight UTC. */
  today: string
}

const purposesOf = (people: Person[]): string[] =>
  [...new Set(people.flatMap(({ consents }) => [...consents.keys()]))].sort()

const valuesPerKind = (people: Person[]): Record<Kind, number> => {
  const count = { user_id: 0, email: 0, phone: 0, loyalty_id: 0, anonymous_id: 0 }
  for (const { values } of people) for (const kind of kinds) count[kind] += values[kind].length
  return count
}

const compareText = (a = '', b = ''): number => (a < b ? -1 : a > b ? 1 : 0)

const countPeople = (people: Person[], today: string) => {
  const line = Date.parse(`${today}T00:00:00Z`) - 60 * DAY
  const buyers = people.filter(({ lastPurchase }) => lastPurchase !== Number.NEGATIVE_INFINITY)
  const lapsed = buyers.filter(({ lastPurchase }) => lastPurchase <= line)
  const audienceEmails = lapsed
    .filter((person) => consentOf(person, 'email_marketing') === 'granted')
    .map(({ values }) => [...values.email].sort(compareText))
    .filter((emails) => emails.length > 0)
    .sort(([a], [b]) => compareText(a, b))
  const mailing = (group: Person[]) => countConsent(group, 'email_marketing')
  return {
    identifiers: valuesPerKind(people),
    persons: people.length,
    violations: people.filter(breaksLimit).length,
    consentTies: people.filter(({ tied }) => tied).length,
    personsWithPurchases: buyers.length,
    consent: { persons: mailing(people), buyers: mailing(buyers), lapsed: mailing(lapsed) },
    consentByPurpose: Object.fromEntries(
      purposesOf(people).map((purpose) => [purpose, countConsent(people, purpose)]),
    ),
    lapsedBuyers: lapsed.length,
    audienceSize: audienceEmails.length,
    audienceEmails,
  }
}

const onceEach = (mails: MailEvent[]): MailEvent[] => {
  const seen = new Set<string>()
  return mails.filter(({ messageId }) => !seen.has(messageId) && seen.add(messageId))
}

const nobodyIn = (rows: Row[]): number => rows.filter(({ nodes }) => nodes.length === 0).length

export const countWelcomeBack = async ({
  folder,
  today,
}: WelcomeBackInput): Promise<WelcomeBackCount> => {
  const table = (name: string, delimiter: string) => readTable(join(folder, name), delimiter)
  const lines = await readLines(join(folder, 'newsletter-events.ndjson'))
  const mails = onceEach(lines.filter((line) => line !== undefined))
  const forest: Forest = { nodes: [], numberOf: new Map(), parents: [] }
  const read = <T>(records: T[], toRow: (record: T, forest: Forest) => Row): Row[] =>
    records.map((record) => toRow(record, forest))
  const contacts = read(await table('crm-contacts.csv', ';'), contactRow)
  const orders = read(await table('web-orders.csv', ','), orderRow)
  const receipts = read(await table('pos-receipts.csv', '\t'), receiptRow)
  // Consents before mail: of two changes in the same second the one read later counts.
  const consents = read(await table('consent-export.csv', ','), consentRow)
  const newsletter = read(mails, mailRow)
  const rows = [...contacts, ...orders, ...receipts, ...consents, ...newsletter]
  return {
    rowsRead: {
      contacts: contacts.length,
      orders: orders.length,
      receipts: receipts.length,
      newsletter: lines.length,
      consents: consents.length,
    },
    failedLines: lines.filter((line) => line === undefined).length,
    distinctMessages: mails.length,
    rowsWithoutIdentifier: {
      contacts: nobodyIn(contacts),
      orders: nobodyIn(orders),
      receipts: nobodyIn(receipts),
      newsletter: nobodyIn(newsletter),
      consents: nobodyIn(consents),
    },
    ...countPeople(gatherPeople(rows, forest), today),
  }
}
