/** A person's ledger for one purpose as a record of ISO/IEC TS 27560, which is also their receipt. */
import type { ConsentRecord } from '../contract/consent-record.ts'
import type { Policy, PolicyVersion } from '../contract/policy.ts'
import { basisFor, ruleFor } from './resolve-policy.ts'
import type { LedgerEntry } from './fold-ledger.ts'

export interface RecordInput {
  profileId: string
  purpose: string
  /** Entries of this purpose, and refusals of all purposes. At least one. */
  entries: readonly LedgerEntry[]
  policy: PolicyVersion
  /** Names of what is known of the person: kinds, never values. */
  dataTypes: readonly string[]
  recipients: readonly string[]
  region?: string | undefined
  withdrawalMethod: string
}

/** What the standard wants told even where the workspace has not said it yet. */
const NOT_STATED = 'not stated'
const DAY_MS = 86_400_000

export function makeConsentRecord(input: RecordInput): ConsentRecord {
  const { profileId, purpose, policy, region, recipients } = input
  const entries = [...input.entries].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
  const language = entries.at(-1)?.language ?? 'en'
  const rule = ruleFor(policy, purpose, region)
  return {
    header: {
      schemaVersion: 'ISO/IEC TS 27560:2023',
      recordId: `${profileId}:${purpose}`,
      piiPrincipalId: profileId,
    },
    processing: {
      privacyNotice: entries.at(-1)?.noticeVersion ?? `policy version ${policy.version}`,
      language,
      purpose: titleOf(policy, purpose, language),
      purposeType: purpose,
      lawfulBasis: basisFor(policy, purpose, region),
      piiInformation: (input.dataTypes.length > 0 ? input.dataTypes : ['identifier']).map(
        (piiType) => ({ piiType }),
      ),
      piiControllers: [policy.controller.name || NOT_STATED],
      storageLocations: [policy.storage || NOT_STATED],
      retentionPeriod: rule && rule.validDays > 0 ? `${rule.validDays} days` : 'until withdrawn',
      jurisdiction: region ?? entries.at(-1)?.jurisdiction ?? NOT_STATED,
      recipientThirdParties: [...recipients],
      withdrawalMethod: input.withdrawalMethod,
    },
    partyIdentification: [controllerOf(policy), ...recipients.map(recipientOf)],
    events: entries.map((entry) => eventOf(entry, input, rule?.validDays ?? 0)),
  }
}

const titleOf = ({ texts }: Policy, purpose: string, language: string): string => {
  const mine = texts.filter((text) => text.purpose === purpose)
  return (mine.find((text) => text.language === language) ?? mine[0])?.title ?? purpose
}

const controllerOf = ({ controller }: Policy): ConsentRecord['partyIdentification'][number] => ({
  partyId: 'controller',
  partyAddress: controller.address || NOT_STATED,
  partyName: controller.name || NOT_STATED,
  partyContact: controller.contact || NOT_STATED,
  partyType: 'controller',
})

const recipientOf = (name: string): ConsentRecord['partyIdentification'][number] => ({
  partyId: name,
  partyAddress: name,
  partyName: name,
  partyContact: name,
  partyType: 'recipient',
})

const TYPES: Readonly<Record<string, ConsentRecord['events'][number]['eventType']>> = {
  explicit: 'explicit',
  objection: 'objection',
  restriction: 'restriction',
  default: 'default',
}

function eventOf(
  entry: LedgerEntry,
  { profileId }: RecordInput,
  validDays: number,
): ConsentRecord['events'][number] {
  const { method, source, proof } = entry
  const time = Date.parse(entry.at)
  return {
    // A time that cannot be read is told as the earliest there is; the ledger keeps it as it came.
    eventTime: new Date(Number.isNaN(time) ? 0 : time).toISOString(),
    validityDuration: validityOf(entry, time, validDays),
    entityId: profileId,
    eventType: TYPES[entry.kind] ?? 'signal',
    state: entry.state,
    ...(method === undefined ? {} : { method }),
    ...(source === undefined ? {} : { source }),
    ...(proof === undefined ? {} : { proof }),
  }
}

function validityOf({ state, expiresAt }: LedgerEntry, time: number, validDays: number): string {
  if (state !== 'granted') return 'until changed'
  if (expiresAt !== undefined) return `until ${expiresAt}`
  return validDays > 0 && !Number.isNaN(time)
    ? `until ${new Date(time + validDays * DAY_MS).toISOString()}`
    : 'until withdrawn'
}
