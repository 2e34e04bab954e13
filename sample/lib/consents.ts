/** consent-export.csv: what people agreed to, refused and took back, as the consent tool kept it. */
import { DAY, isoTime, isoTimeAhead, wholeSecond } from './calendar.ts'
import { sharedMailboxes } from './dirt.ts'
import type { Person } from './people.ts'
import { createRandom, type Random } from './random.ts'
import { inOrder, type SampleRow } from './table.ts'

export const consentHeader = [
  'email',
  'purpose',
  'state',
  'time',
  'notice_version',
  'source',
  'country',
]

export type ConsentState = 'granted' | 'denied' | 'withdrawn'

const purposes: [string, number][] = [
  ['email_marketing', 0.97],
  ['ads', 0.48],
  ['analytics', 0.62],
  ['personalisation', 0.5],
]

const sources = ['checkout', 'account-page', 'newsletter-form', 'store-tablet', 'cookie-banner']

/** A second of its own for each change, so that the order of a person's records is never a guess. */
export const freshSecond = (person: Person, wanted: number): number => {
  let at = wholeSecond(wanted)
  while (person.consentTimes.has(at)) at += 1000
  person.consentTimes.add(at)
  return at
}

const historyOf = (random: Random): ConsentState[] =>
  random.weighted<ConsentState[]>([
    [['granted'], 44],
    [['denied'], 36],
    [['granted', 'withdrawn'], 12],
    [['denied', 'granted'], 5],
    [['granted', 'withdrawn', 'granted'], 3],
  ])

const writtenEmail = (email: string, random: Random): string =>
  random.weighted([
    [email, 88],
    [email.toUpperCase(), 8],
    [email.charAt(0).toUpperCase() + email.slice(1), 4],
  ])

const noticeVersion = (daysAgo: number): string =>
  daysAgo > 500 ? 'v1' : daysAgo > 200 ? 'v2' : 'v3'

type Change = { purpose: string; state: ConsentState; at: number }

const changesOf = (person: Person, purpose: string, random: Random, today: number): Change[] => {
  const span = today - DAY - person.joined
  const history = historyOf(random)
  const times = history.map(() => random.next() * span).sort((a, b) => a - b)
  return history.map((state, index) => ({
    purpose,
    state,
    at: freshSecond(person, person.joined + (times[index] ?? 0)),
  }))
}

const toRow = (person: Person, { purpose, state, at }: Change, random: Random, today: number) => {
  const email = random.pick(person.emails)
  const continental = person.country === 'DE' || person.country === 'FR'
  const time = continental && random.chance(0.3) ? isoTimeAhead(at) : isoTime(at)
  const proof = [noticeVersion((today - at) / DAY), random.pick(sources), person.country]
  // Written by mailbox, not by time: the order of the rows says nothing about which came last.
  const row: SampleRow = { person: person.id, at: 0, cells: [] }
  row.cells = [writtenEmail(email, random), purpose, state, time, ...proof]
  return { row, key: email, shuffle: random.next() }
}

/** The desk's own mailboxes were clicked through the form too. */
const deskRows = (random: Random, today: number): SampleRow[] =>
  sharedMailboxes.map((mailbox) => ({
    person: null,
    at: 0,
    cells: [
      mailbox,
      'email_marketing',
      'granted',
      isoTime(today - random.int(90, 700) * DAY),
      'v1',
      'newsletter-form',
      'GB',
    ],
  }))

export const makeConsents = (
  people: Person[],
  { seed, today }: { seed: number | string; today: number },
): SampleRow[] => {
  const random = createRandom(seed, 'consents')
  const asked = people.filter(({ emails }) => emails.length > 0 && random.chance(0.62))
  const drafts = asked.flatMap((person) =>
    purposes
      .filter(([, share]) => random.chance(share))
      .flatMap(([purpose]) => changesOf(person, purpose, random, today))
      .map((change) => toRow(person, change, random, today)),
  )
  drafts.sort((a, b) => (a.key === b.key ? a.shuffle - b.shuffle : a.key < b.key ? -1 : 1))
  const rows = [...drafts.map(({ row }) => row), ...deskRows(random, today)]
  rows.forEach((row, index) => (row.at = index))
  return inOrder(rows)
}
