/** Builds the stores and services once; server and worker share them within their process. */
import type { PolicyService, ProfilesService, Services } from '../contract/services.ts'
import type { Egress } from '../egress/create-egress.ts'
import { createSendGate, type SendGate } from '../run/send-gate.ts'
import { createAudienceStore } from '../store/audiences.ts'
import { createConsentStore } from '../store/consents.ts'
import type { Database } from '../store/database.ts'
import { findPerson } from '../store/find-person.ts'
import { createDeliveryStore } from '../store/deliveries.ts'
import { createEraser } from '../store/erase-person.ts'
import { createIdentityStore } from '../store/identities.ts'
import { createIncomingEvents } from '../store/incoming-events.ts'
import { openFeed, type FeedInput } from '../store/incoming-feed.ts'
import { createLimits } from '../store/limits.ts'
import { createLivePages } from '../store/live-pages.ts'
import { createOutputStore } from '../store/output-parts.ts'
import { createPageStore } from '../store/pages.ts'
import { createParkedStore } from '../store/parked.ts'
import { createPolicyStore } from '../store/policies.ts'
import { createPropagationStore } from '../store/propagations.ts'
import { createProfileStore, profilesService } from '../store/profiles.ts'
import { createRequestStore } from '../store/requests.ts'
import { createRunStore, type RunDocument } from '../store/runs.ts'
import { createFetchedFiles } from '../store/fetched-files.ts'
import { createSourceFiles } from '../store/source-files.ts'
import { createUploadStore, type Detect } from '../store/uploads.ts'

export interface DataPlaneInput {
  database: Database
  /** Keys the digests of identifiers; from outside the database. */
  identityKey: Buffer
  http: Pick<Egress, 'request' | 'download'>
  connections: Services['connections']
  importFolders: readonly string[]
  detect: Detect
  /** A signed link to a person's preference page. */
  preferenceLink?: (profileId: string) => string
}

/** Dry runs follow one another with each change of a setting. */
const PREVIEW_FRESH_MS = 60_000

export function createDataPlane(input: DataPlaneInput) {
  const { database, http, connections } = input
  const profiles = createProfileStore(database)
  const identities = createIdentityStore({ database, profiles, key: input.identityKey })
  const consents = createConsentStore(database)
  const propagations = createPropagationStore(database)
  let onRefusal = (): void => undefined
  const policies = createPolicyStore(database)
  const deliveries = createDeliveryStore(database)
  const gate = createSendGate({
    standing: consents.standing,
    readEpoch: consents.epoch,
    readPolicy: policies.read,
    now: Date.now,
  })
  const audiences = createAudienceStore(database)
  const uploads = createUploadStore(database, input.detect)
  const fetched = createFetchedFiles({ database, uploads, http })
  const origins = { uploads, fetched, importFolders: input.importFolders }
  const files = createSourceFiles(origins)
  const previewFiles = createSourceFiles({ ...origins, freshMs: PREVIEW_FRESH_MS })
  const limits = createLimits(database)
  const incoming = createIncomingEvents(database)
  const policy: PolicyService = {
    purposes: async () => [...new Set((await policies.read()).rules.map(({ purpose }) => purpose))],
  }

  return {
    database,
    profiles,
    identities,
    deliveries,
    consents,
    propagations,
    http,
    connections,
    limits,
    /** Called after people said no, so that recipients are told. */
    onRefusal: (listener: () => void) => void (onRefusal = listener),
    policies,
    gate,
    audiences,
    uploads,
    /** Takes people out of every store. */
    eraser: createEraser({ database, identities, uploads, detect: input.detect }),
    suppressions: identities.suppressions,
    requests: createRequestStore(database, input.identityKey),
    personOf: (asked: Parameters<typeof findPerson>[2]) => findPerson(database, identities, asked),
    files,
    incoming,
    livePages: createLivePages(database),
    openFeed: (feed: FeedInput) => openFeed(database, feed),
    runs: createRunStore(database),
    pages: createPageStore(database),
    parked: createParkedStore(database),
    outputs: createOutputStore(database),

    /** Services of one node in one run. */
    servicesFor(run: RunDocument, nodeId: string): Services {
      const { _id: runId, flowId, flowVersion } = run
      const now = run.startedAt.toISOString()
      return {
        profiles: {
          ...remembering(profilesService(profiles, { flow: flowId, flowVersion, now }), gate),
          async appendConsents(writes) {
            await consents.append(writes)
            if (writes.some(({ state }) => state !== 'granted')) onRefusal()
          },
          ...(input.preferenceLink ? { preferenceLink: input.preferenceLink } : {}),
        },
        identity: identities.service({ runId, claims: true }),
        audiences: audiences.service({ flowId, now, nameOf: (key) => audienceName(run, key) }),
        http,
        deliveries: deliveries.service({ runId, flowId, flowVersion, nodeId }),
        limits,
        connections,
        files,
        incoming,
        policy,
      }
    },

    /** For previews: reading works, writing does nothing, sending is not there at all. */
    previewServices(): Partial<Services> {
      const nothing = async () => undefined
      return {
        files: previewFiles,
        incoming,
        policy,
        identity: identities.service({ runId: 'preview', claims: false }),
        profiles: {
          read: profiles.read,
          write: nothing,
          appendEvents: nothing,
          appendConsents: nothing,
        },
        audiences: { update: async () => ({ entered: new Set(), left: new Set() }) },
      }
    },
  }
}

/** What a step reads of people is at hand when the next one sends, unless consent changed since. */
function remembering(profiles: ProfilesService, gate: SendGate): ProfilesService {
  return {
    ...profiles,
    async read(ids) {
      const epoch = await gate.epoch()
      const found = await profiles.read(ids)
      gate.remember(epoch, found)
      return found
    },
  }
}

export type DataPlane = ReturnType<typeof createDataPlane>

function audienceName(run: RunDocument, key: string): string {
  const node = run.graph.nodes.find(({ config }) => config['key'] === key)
  const name = node?.config['name']
  return typeof name === 'string' && name !== '' ? name : key
}
