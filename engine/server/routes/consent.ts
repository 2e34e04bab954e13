/** The privacy policy, people's consent ledgers and receipts, and what sites ask about signals. */
import { randomUUID } from 'node:crypto'
import type { ConsentEntryView } from '../../contract/api/consent.ts'
import { RejectedError } from '../../contract/error.ts'
import type { ConsentWrite } from '../../contract/services.ts'
import { everyPurpose } from '../../privacy/fold-ledger.ts'
import { makeConsentRecord } from '../../privacy/make-consent-record.ts'
import { hasGpc } from '../../privacy/signals/read-gpc.ts'
import type { ConsentDocument } from '../../store/consents.ts'
import { NotFoundError } from '../../store/store-errors.ts'
import type { SomeHandlers } from '../call.ts'
import type { ServerContext } from '../context.ts'

type Ids =
  | 'policyRead'
  | 'policyWrite'
  | 'policyVersions'
  | 'consentHistory'
  | 'consentRecord'
  | 'consentReceipts'
  | 'preferenceLink'
  | 'gpcSupport'
  | 'signalRead'
  | 'profileIdOf'

const SHOWN = 200
/** Since when Global Privacy Control is honoured here. */
const GPC_SINCE = '2026-11-24'

export function consentRoutes(context: ServerContext): SomeHandlers<Ids> {
  const { consents, policies, settings, parts, preferenceLinks } = context

  const needProfile = async (id: string) => {
    const profile = await parts.profiles.read(id)
    if (!profile) throw new NotFoundError('profile')
    return profile
  }

  const refuseUnknownPurpose = async (purpose: string): Promise<void> => {
    const known = await settings.readPurposes()
    if (purpose !== everyPurpose && !known.some(({ key }) => key === purpose))
      throw new RejectedError(
        'no_such_purpose',
        `There is no purpose "${purpose}". Choose one of: ${known.map(({ key }) => key).join(', ')}.`,
      )
  }

  return {
    async policyRead() {
      const [policy, purposes] = await Promise.all([policies.read(), settings.readPurposes()])
      return { policy, purposes }
    },

    async policyWrite({ body, caller, note }) {
      const written = await policies.write(body.base, body.policy, caller.name)
      // What people may be sent follows the policy: those about to send look again.
      await consents.raiseEpoch()
      note({ subject: 'policy', details: { version: written.version } })
      return written
    },

    async policyVersions() {
      return { items: await policies.list(SHOWN) }
    },

    async consentHistory({ params }) {
      const { id } = await needProfile(params.id)
      const [entries, told] = await Promise.all([
        consents.history(id, SHOWN),
        parts.propagations.ofProfile(id),
      ])
      return {
        items: entries.map((entry) => ({
          ...entryView(entry),
          told: told.filter(({ entryId }) => entryId === entry._id),
        })),
      }
    },

    async consentRecord({ params, body, caller, note }) {
      const { id } = await needProfile(params.id)
      await refuseUnknownPurpose(body.purpose)
      await consents.append([toWrite(id, body, caller.name)])
      parts.propagations.start()
      note({ subject: id, details: { purpose: body.purpose, state: body.state } })
      return { ok: true }
    },

    async consentReceipts({ params, note }) {
      const profile = await needProfile(params.id)
      const [policy, entries] = await Promise.all([
        policies.read(),
        consents.history(profile.id, 10_000),
      ])
      const purposes = [...new Set(entries.map(({ purpose }) => purpose))].sort()
      note({ subject: profile.id, details: { receipts: purposes.length } })
      const country = profile.traits['country']?.value
      return {
        items: purposes.map((purpose) =>
          makeConsentRecord({
            profileId: profile.id,
            purpose,
            entries: entries.filter(
              (entry) => entry.purpose === purpose || entry.purpose === everyPurpose,
            ),
            policy,
            dataTypes: [
              ...new Set(profile.identifiers.map(({ type }) => type)),
              ...Object.keys(profile.traits),
            ],
            recipients: [...new Set(profile.disclosures.map(({ recipient }) => recipient))],
            region: typeof country === 'string' ? country : undefined,
            withdrawalMethod: 'preference page, API, or a request to the controller',
          }),
        ),
      }
    },

    async preferenceLink({ params, note }) {
      const { id } = await needProfile(params.id)
      note({ subject: id })
      return preferenceLinks.make(id, Date.now())
    },

    async gpcSupport() {
      return { gpc: true, lastUpdate: GPC_SINCE }
    },

    async signalRead({ query, req, res }) {
      // Sites ask from their own pages; what they learn is about the visitor's own browser only.
      res.set('Access-Control-Allow-Origin', '*')
      const signal = hasGpc(req.headersDistinct)
      const { anonymousId } = query
      const id =
        anonymousId === undefined
          ? undefined
          : await parts.profiles.idOf('anonymous_id', anonymousId)
      const standing = id === undefined ? undefined : (await consents.standing([id])).get(id)
      const purposes = Object.values(standing?.consent ?? {})
        .filter(({ kind, state }) => kind === 'gpc' && state !== 'granted')
        .map(({ purpose }) => purpose)
      return { signal, kept: purposes.length > 0, purposes }
    },

    async profileIdOf({ body }) {
      const id = await parts.profiles.idOf(body.type, body.value)
      return id === undefined ? {} : { id }
    },
  }
}

interface Choice {
  purpose: string
  state: ConsentWrite['state']
  restriction: boolean
  at?: string | undefined
  noticeVersion?: string | undefined
  proof?: string | undefined
  verifiedBy?: string | undefined
  key?: string | undefined
}

function toWrite(profileId: string, body: Choice, source: string): ConsentWrite {
  const now = new Date().toISOString()
  const { at = now, key, noticeVersion, proof, verifiedBy } = body
  return {
    key: `api:${key ?? randomUUID()}`,
    profileId,
    purpose: body.purpose,
    state: body.state,
    kind: body.restriction ? 'restriction' : body.state === 'objected' ? 'objection' : 'explicit',
    // A choice cannot have been made later than it was told.
    at: at > now ? now : at,
    source,
    method: 'api',
    ...(noticeVersion === undefined ? {} : { noticeVersion }),
    ...(proof === undefined ? {} : { proof }),
    ...(verifiedBy === undefined ? {} : { verifiedBy }),
  }
}

/** Without proof and identifier, which may hold what points at the person. */
function entryView({
  _id,
  recordedAt,
  profileId: _,
  proof: __,
  verifiedBy: ___,
  basis: ____,
  ...entry
}: ConsentDocument): ConsentEntryView {
  return {
    ...entry,
    id: _id,
    ...(recordedAt === undefined ? {} : { recordedAt: recordedAt.toISOString() }),
  }
}
