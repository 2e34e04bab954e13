/** The check nobody can wire around: before anything of a person leaves, consent is looked up as it
 *  stands now, for the purposes the destination declares and by the policy of the person's region. */
import type { Item } from '../contract/item.ts'
import type { Policy } from '../contract/policy.ts'
import type { Profile } from '../contract/profile.ts'
import type { ConsentRefusal } from '../contract/consent-reasons.ts'
import { normaliseCountry } from '../identity/normalise-traits.ts'
import { decideConsent, type ConsentPolicy } from '../privacy/decide-consent.ts'
import { resolvePolicy } from '../privacy/resolve-policy.ts'
import type { ConsentStanding } from '../store/consents.ts'

/** By item id: the purpose and reason that stand against sending it, `ads:withdrawn`. */
export type Refusals = ReadonlyMap<string, string>

export interface SendGate {
  judge(items: readonly Item[], purposes: readonly string[]): Promise<Refusals>
  /** Profiles as a step just read them, under the epoch that was current before. */
  remember(epoch: number, profiles: ReadonlyMap<string, Profile>): void
  epoch(): Promise<number>
  /** What the gate knows, for gates in threads. */
  facts: ConsentFacts
}

export interface ConsentFacts {
  standing(ids: readonly string[]): Promise<ReadonlyMap<string, ConsentStanding>>
  /** Raised by every change of consent, once the change holds. */
  readEpoch(): Promise<number>
  readPolicy(): Promise<Pick<Policy, 'rules'>>
}

export interface SendGateDeps extends ConsentFacts {
  now(): number
}

/** How old an answer about the epoch may be: the longest a withdrawal goes unnoticed. */
const EPOCH_MS = 200
const POLICY_MS = 1_000
/** People whose consent is kept at hand; with each page the oldest make room. */
const KEPT = 40_000

const NOBODY: Refusals = new Map()

export function createSendGate(deps: SendGateDeps): SendGate {
  const kept = new Map<string, { epoch: number; standing: ConsentStanding }>()
  const epoch = fresh(deps.readEpoch, EPOCH_MS, deps.now)
  const rules = fresh(
    async () => {
      const { rules } = await deps.readPolicy()
      return { rules }
    },
    POLICY_MS,
    deps.now,
  )
  const policy = remade(rules, createPolicies)

  const keep = (id: string, at: number, standing: ConsentStanding): void => {
    kept.delete(id)
    kept.set(id, { epoch: at, standing })
  }
  const trim = (): void => {
    for (const id of kept.keys()) {
      if (kept.size <= KEPT) return
      kept.delete(id)
    }
  }
  const standings = async (ids: Iterable<string>): Promise<Map<string, ConsentStanding>> => {
    // Before the profiles: what changes in between is read again the next time.
    const at = await epoch()
    const found = new Map<string, ConsentStanding>()
    const open: string[] = []
    for (const id of ids) {
      const known = kept.get(id)
      if (known?.epoch === at) found.set(id, known.standing)
      else open.push(id)
    }
    if (open.length === 0) return found
    for (const [id, standing] of await deps.standing(open)) {
      found.set(id, standing)
      keep(id, at, standing)
    }
    trim()
    return found
  }

  return {
    epoch,
    facts: { standing: standings, readEpoch: epoch, readPolicy: rules },
    remember(at, profiles) {
      for (const [id, { consent, traits }] of profiles) {
        const country = traits['country']?.value
        keep(id, at, typeof country === 'string' ? { consent, country } : { consent })
      }
      trim()
    },
    async judge(items, purposes) {
      if (items.length === 0) return NOBODY
      const people = await standings(peopleOf(items))
      const policies = await policy()
      const at = new Date(deps.now()).toISOString()
      const refusals = new Map<string, string>()
      const question = { purposes, policies, at }
      const judge = onceForEach((item, standing) => judgeItem(item, standing, question))
      for (const item of items) {
        const refusal = judge(item, people.get(item.profileId ?? ''))
        if (refusal !== undefined) refusals.set(item.id, refusal)
      }
      return refusals
    },
  }
}

function peopleOf(items: readonly Item[]): Set<string> {
  const ids = new Set<string>()
  for (const { profileId } of items) if (profileId !== undefined) ids.add(profileId)
  return ids
}

type Judge = (item: Item, standing: ConsentStanding | undefined) => string | undefined

/** Of the same standing and the same proof the answer is the same: it is found once. */
function onceForEach(judge: Judge): Judge {
  const found = new Map<unknown, Map<unknown, string | undefined>>()
  return (item, standing) => {
    const who = standing ?? item.profileId === undefined
    const known = found.get(who) ?? new Map<unknown, string | undefined>()
    found.set(who, known)
    if (!known.has(item.consented)) known.set(item.consented, judge(item, standing))
    return known.get(item.consented)
  }
}

/** Reads again when the last answer is older than `maxMs`; callers at the same time share one read. */
function fresh<Value>(read: () => Promise<Value>, maxMs: number, now: () => number) {
  let last: { at: number; value: Promise<Value> } | undefined
  return (): Promise<Value> => {
    const at = now()
    if (!last || at - last.at >= maxMs || at < last.at) {
      const value = read()
      const mine = { at, value }
      last = mine
      value.catch(() => {
        if (last === mine) last = undefined
      })
    }
    return last.value
  }
}

/** Makes something of a value once, as long as the same value is read. */
function remade<Value, Made>(read: () => Promise<Value>, make: (value: Value) => Made) {
  let last: { of: Value; made: Made } | undefined
  return async (): Promise<Made> => {
    const of = await read()
    if (last?.of !== of) last = { of, made: make(of) }
    return last.made
  }
}

type Policies = (country: string | undefined) => ConsentPolicy

/** One resolved policy per country as it is written in profiles. */
function createPolicies(policy: Pick<Policy, 'rules'>): Policies {
  const known = new Map<string, ConsentPolicy>()
  const everywhere = resolvePolicy(policy, undefined)
  return (country) => {
    if (country === undefined) return everywhere
    const before = known.get(country)
    if (before) return before
    const result = normaliseCountry(country)
    const made = 'value' in result ? resolvePolicy(policy, result.value) : everywhere
    known.set(country, made)
    return made
  }
}

interface Question {
  purposes: readonly string[]
  policies: Policies
  at: string
}

function judgeItem(
  item: Item,
  standing: ConsentStanding | undefined,
  { purposes, policies, at }: Question,
): string | undefined {
  if (purposes.length === 0) return 'no_purpose:unknown'
  const policy = policies(standing?.country)
  const { allowed, reasons } = decideConsent(standing?.consent ?? {}, {
    purposes,
    match: 'all',
    at,
    policy,
  })
  if (allowed) return undefined
  for (const { purpose, reason } of reasons) {
    if (reason === 'granted') continue
    // A record that proved its consent by its own fields speaks where the profile is silent.
    if (reason === 'unknown' && item.consented?.includes(purpose)) continue
    const refusal: ConsentRefusal =
      reason === 'unknown' && item.profileId === undefined ? 'no_person' : reason
    return `${purpose}:${refusal}`
  }
  return undefined
}
