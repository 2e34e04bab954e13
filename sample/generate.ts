/**
 * The sample workspace's data: a made-up retailer, "Loom & Thread", with a web shop and stores in
 * five countries, as five of its systems would export it. The same seed and day give the same
 * bytes, so tests can count them by other means.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startOfDay } from './lib/calendar.ts'
import { consentHeader, makeConsents } from './lib/consents.ts'
import { contactHeader, makeContacts } from './lib/contacts.ts'
import { makeNewsletter } from './lib/newsletter.ts'
import { makeOrders, orderHeader } from './lib/orders.ts'
import { makePeople } from './lib/people.ts'
import { makePurchases } from './lib/purchases.ts'
import { makeReceipts, receiptHeader } from './lib/receipts.ts'
import { toCsv } from './lib/table.ts'

export type SampleKind = 'contacts' | 'orders' | 'receipts' | 'newsletter' | 'consents'

/** What the sample workspace is made with; tests hold its numbers. */
export const sampleDefaults = { seed: 2026, people: 4000 }

export type SampleInput = {
  seed: number | string
  /** The day the files were exported, yyyy-mm-dd: everything in them happened before it. */
  today: string
  people: number
  /** Where to write; made when missing. */
  folder: string
}

/** `rows` counts data rows: a header is none, a broken NDJSON line is one. */
export type SampleFile = { name: string; path: string; rows: number; kind: SampleKind }

export type SampleFacts = {
  people: number
  /** People with at least one row in any file. */
  peopleInFiles: number
  /** Contact cards beyond a person's first. */
  secondContacts: number
  /** Receipts that carry no trace of who bought. */
  walkInReceipts: number
}

export type Sample = {
  files: SampleFile[]
  /** truth.json: which rows belong to one person. For tests only; never a source of the flow. */
  truthPath: string
  facts: SampleFacts
}

type Draft = {
  name: string
  kind: SampleKind
  text: string
  /** Person behind each row, in file order. */
  owners: (string | null)[]
}

const draftFiles = (input: SampleInput): Draft[] => {
  const dated = { seed: input.seed, today: startOfDay(input.today) }
  const population = makePeople({ ...dated, count: input.people })
  const purchases = makePurchases(population.people, dated)
  const contacts = makeContacts(population, dated)
  const orders = makeOrders(purchases, input.seed)
  const receipts = makeReceipts(purchases, dated)
  const consents = makeConsents(population.people, dated)
  const newsletter = makeNewsletter(population.people, dated)
  const ownersOf = (rows: { person: string | null }[]) => rows.map(({ person }) => person)
  return [
    {
      name: 'crm-contacts.csv',
      kind: 'contacts',
      text: toCsv(contactHeader, contacts, { delimiter: ';', lineEnd: '\r\n', bom: true }),
      owners: ownersOf(contacts),
    },
    {
      name: 'web-orders.csv',
      kind: 'orders',
      text: toCsv(orderHeader, orders, { delimiter: ',', lineEnd: '\n', bom: false }),
      owners: ownersOf(orders),
    },
    {
      name: 'pos-receipts.csv',
      kind: 'receipts',
      text: toCsv(receiptHeader, receipts, { delimiter: '\t', lineEnd: '\n', bom: false }),
      owners: ownersOf(receipts),
    },
    {
      name: 'newsletter-events.ndjson',
      kind: 'newsletter',
      text: newsletter.map(({ text }) => `${text}\n`).join(''),
      owners: ownersOf(newsletter),
    },
    {
      name: 'consent-export.csv',
      kind: 'consents',
      text: toCsv(consentHeader, consents, { delimiter: ',', lineEnd: '\n', bom: false }),
      owners: ownersOf(consents),
    },
  ]
}

export type Truth = {
  seed: number | string
  today: string
  /** By person: row numbers in each file, counted from 1 without the header. */
  people: Record<string, Partial<Record<SampleKind, number[]>>>
}

const truthOf = (drafts: Draft[], { seed, today }: SampleInput): Truth => {
  const people: Truth['people'] = {}
  for (const { kind, owners } of drafts) {
    owners.forEach((owner, index) => {
      if (owner === null) return
      const rows = (people[owner] ??= {})
      const numbers = (rows[kind] ??= [])
      numbers.push(index + 1)
    })
  }
  return { seed, today, people }
}

const factsOf = (drafts: Draft[], truth: Truth, people: number): SampleFacts => {
  const rowSets = Object.values(truth.people)
  const receipts = drafts.find(({ kind }) => kind === 'receipts')?.owners ?? []
  return {
    people,
    peopleInFiles: rowSets.length,
    secondContacts: rowSets.reduce(
      (sum, { contacts = [] }) => sum + Math.max(0, contacts.length - 1),
      0,
    ),
    walkInReceipts: receipts.filter((owner) => owner === null).length,
  }
}

export const generateSample = async (input: SampleInput): Promise<Sample> => {
  const drafts = draftFiles(input)
  const truth = truthOf(drafts, input)
  const truthPath = join(input.folder, 'truth.json')
  await mkdir(input.folder, { recursive: true })
  const files = drafts.map(({ name, kind, owners }) => ({
    name,
    path: join(input.folder, name),
    rows: owners.length,
    kind,
  }))
  await Promise.all([
    ...drafts.map(({ name, text }) => writeFile(join(input.folder, name), text)),
    writeFile(truthPath, `${JSON.stringify(truth)}\n`),
  ])
  return { files, truthPath, facts: factsOf(drafts, truth, input.people) }
}
