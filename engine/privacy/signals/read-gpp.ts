/** IAB's GPP strings: Europe's section as a TCF string, Canada's by express consent, and the sections
 *  of US states as opt-outs. Sections are decoded one by one; a broken one says nothing. */
import { GppModel } from '@iabgpp/cmpapi'
import { hasSoundLayout } from './check-tcf-layout.ts'
import { readBits } from './read-bits.ts'
import { LONGEST_MS, readTcf } from './read-tcf.ts'
import { MAX_STRING, own, toProof, type ConsentSignal, type SignalPolicy } from './signal.ts'

export interface GppInput {
  text: unknown
  now: string
  policy: SignalPolicy
}

const EUROPE = 2
const CANADA = 5
const US_PRIVACY = 6
const US_STATES: Readonly<Record<number, string>> = {
  7: 'usnat',
  8: 'usca',
  9: 'usva',
  10: 'usco',
  11: 'usut',
  12: 'usct',
  13: 'usfl',
  14: 'usmt',
  15: 'usor',
  16: 'ustx',
  17: 'usde',
  18: 'usia',
  19: 'usne',
  20: 'usnh',
  21: 'usnj',
  22: 'ustn',
  23: 'usmn',
  24: 'usmd',
  25: 'usin',
  26: 'usky',
  27: 'usri',
}
const OPT_OUTS = ['SaleOptOut', 'SharingOptOut', 'TargetedAdvertisingOptOut']
const OPTED_OUT = 1

export function readGpp({ text, now, policy }: GppInput): ConsentSignal[] {
  if (typeof text !== 'string' || text.length > MAX_STRING) return []
  if (!/^D[A-Za-z0-9_-]*(~[A-Za-z0-9_.-]+)+$/.test(text)) return []
  const opened = quietly(() => {
    const model = new GppModel(text)
    const ids = idsOf(model)
    return ids.length === text.split('~').length - 1 ? { model, ids } : undefined
  })
  return (opened?.ids ?? []).flatMap(
    (id) => quietly(() => readSection(id, opened?.model, { text, now, policy })) ?? [],
  )
}

const idsOf = (model: GppModel): number[] => model.getSectionIds() as number[]

/** Sections stand in the order of the ids in the header, which is the first part. */
const sectionText = (id: number, model: GppModel, text: string): string =>
  text.split('~')[1 + idsOf(model).indexOf(id)] ?? ''

function quietly<Result>(work: () => Result): Result | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}

interface Known extends GppInput {
  text: string
}

function readSection(id: number, model: GppModel | undefined, known: Known): ConsentSignal[] {
  if (!model) return []
  // Read by the TCF's own decoder: this one accepts broken publisher restrictions.
  if (id === EUROPE)
    return readTcf({ ...known, text: sectionText(id, model, known.text), kind: 'gpp' })
  if (id === CANADA) return readCanada(sectionText(id, model, known.text), known)
  if (id === US_PRIVACY)
    return own(plain(model.getSection('uspv1')), 'OptOutSale') === 'Y' ? optOut(known) : []
  const name = US_STATES[id]
  if (name === undefined) return []
  const section = plain(model.getSection(name))
  const out = OPT_OUTS.some((field) => own(section, field) === OPTED_OUT)
  return out || own(section, 'Gpc') === true ? optOut(known) : []
}

/** Sections keep their fields behind getters; this is what they decode to. */
const plain = (section: unknown): unknown => JSON.parse(JSON.stringify(section ?? null)) as unknown

/** Canada's core segment as the specification lays it out; its own decoder may take very long. */
const CANADA_HEAD = 199

function readCanada(section: string, { text, now, policy }: Known): ConsentSignal[] {
  if (!hasSoundLayout(section, CANADA_HEAD)) return []
  const bits = readBits(section.split('.')[0] ?? '')
  const version = bits.take(6)
  const created = bits.take(36) * 100
  const updated = bits.take(36) * 100
  const isOld = Date.parse(now) - updated > LONGEST_MS
  if (version !== 1 || updated > Date.parse(now) || updated < created || isOld) return []
  bits.skip(73)
  const express = Array.from({ length: 24 }, () => bits.take(1) === 1)
  return policy.purposes.flatMap((purpose): ConsentSignal[] => {
    const needed = Object.hasOwn(policy.tcf, purpose) ? policy.tcf[purpose] : undefined
    if (!needed || needed.length === 0) return []
    const state = needed.every((n) => express[n - 1] === true) ? 'granted' : 'denied'
    const at = new Date(updated).toISOString()
    return [{ purpose, state, kind: 'gpp', at, source: 'gpp', proof: toProof(text) }]
  })
}

const optOut = ({ text, now, policy }: Known): ConsentSignal[] =>
  policy.optOut
    .filter((purpose) => policy.purposes.includes(purpose))
    .map((purpose) => ({
      purpose,
      state: 'denied',
      kind: 'gpc',
      at: now,
      source: 'gpp',
      proof: toProof(text),
    }))
