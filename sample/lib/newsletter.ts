/**
 * newsletter-events.ndjson: what happened to each mailing, as Segment-shaped track calls. Some
 * events were delivered twice and a few lines were cut off on the way.
 */
import { DAY, isoTime } from './calendar.ts'
import { freshSecond } from './consents.ts'
import type { Person } from './people.ts'
import { createRandom, type Random } from './random.ts'

/** One line of the file, with the person behind it. */
export type EventLine = { person: string | null; at: number; text: string }

const campaigns = Array.from({ length: 14 }, (_, index) => ({
  id: `nl-${String(index + 1).padStart(2, '0')}`,
  subject: ['New linen', 'Back in stock', 'The quilt issue', 'Last chance: 15 %'][index % 4] ?? '',
  daysAgo: 190 - index * 13,
}))

const link = (campaign: string): string =>
  `https://shop.loom-and-thread.example.com/c/${campaign}?utm_source=newsletter`

type Sent = { person: Person; event: string; at: number; campaign: (typeof campaigns)[number] }

const whoOf = ({ userId, anonymousIds }: Person): Record<string, string> =>
  userId === undefined ? { anonymousId: anonymousIds[0] ?? '' } : { userId }

const toLine = ({ person, event, at, campaign }: Sent, random: Random): EventLine => {
  const email = person.emails.at(-1)
  const traits = email !== undefined && random.chance(0.85) ? { traits: { email } } : {}
  const clicked = event === 'Email Link Clicked' ? { link_url: link(campaign.id) } : {}
  const text = JSON.stringify({
    type: 'track',
    event,
    messageId: `msg-${random.hex(20)}`,
    timestamp: isoTime(at),
    ...whoOf(person),
    context: { ...traits, library: { name: 'mail-relay', version: '3.2.0' } },
    properties: {
      campaign_id: campaign.id,
      campaign_name: `Newsletter ${campaign.id}`,
      email_subject: campaign.subject,
      ...clicked,
    },
  })
  return { person: person.id, at, text }
}

/** One mailing to one person: delivered, perhaps opened, clicked, and had enough of. */
const mailing = (person: Person, campaign: Sent['campaign'], sentAt: number, random: Random): Sent[] => {
  const sent: Sent[] = []
  const add = (event: string, at: number): number => sent.push({ person, event, at, campaign })
  const openedAt = sentAt + random.exponential(0.6) * DAY + 60_000
  add('Email Delivered', sentAt)
  if (!random.chance(0.47)) return sent
  add('Email Opened', openedAt)
  if (random.chance(0.24)) add('Email Link Clicked', openedAt + 90_000)
  if (random.chance(0.014)) add('Unsubscribed', freshSecond(person, openedAt + 240_000))
  return sent
}

const mailingsOf = (person: Person, today: number, random: Random): Sent[] => {
  const all: Sent[] = []
  for (const campaign of campaigns) {
    const at = today - campaign.daysAgo * DAY + 8 * 3_600_000 + random.int(0, 5400) * 1000
    if (at < person.joined || random.chance(0.5)) continue
    const sent = mailing(person, campaign, at, random)
    all.push(...sent.filter((event) => event.at < today))
    if (sent.some(({ event }) => event === 'Unsubscribed')) break
  }
  return all
}

const brokenLines = [
  '{"type":"track","event":"Email Opened","messageId":"msg-cut',
  '{"type":"track","event":"Email Delivered",}',
  'upstream connect error or disconnect before headers',
  "{'type':'track','event':'Email Opened'}",
  '{"type":"track" "event":"Email Link Clicked"}',
  '{"type":"track","event":"Email Opened","properties":{"campaign_id":"nl-03"}',
]

/** Puts a second delivery of about one event in a hundred a little further down. */
const repeated = (lines: EventLine[], random: Random): EventLine[] =>
  lines
    .filter(() => random.chance(0.009))
    .map((line) => ({ ...line, at: line.at + random.int(1, 7200) * 1000 }))

const broken = (lines: EventLine[], random: Random): EventLine[] =>
  [...brokenLines, ...brokenLines].map((text) => ({ person: null, at: random.pick(lines).at, text }))

export const makeNewsletter = (
  people: Person[],
  { seed, today }: { seed: number | string; today: number },
): EventLine[] => {
  const random = createRandom(seed, 'newsletter')
  const readers = people.filter(({ emails, channel }) =>
    emails.length > 0 && random.chance(channel === 'newsletter' ? 1 : 0.52))
  const sent = readers.flatMap((person) => mailingsOf(person, today, random))
  const lines = sent.map((event) => toLine(event, random))
  if (lines.length === 0) return []
  const all = [...lines, ...repeated(lines, random), ...broken(lines, random)]
  return all.sort((a, b) => a.at - b.at)
}
