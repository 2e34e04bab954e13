/** The built-in node types: the explicit list. */
import type { NodeType } from '../engine/contract/node.ts'
import { audience } from './audience/audience.ts'
import { consentFilter } from './consent/consent-filter.ts'
import { consentSignals } from './consent/consent-signals.ts'
import { recordConsent } from './consent/record-consent.ts'
import { fileExport } from './destinations/file-export.ts'
import { webhook } from './destinations/webhook/webhook.ts'
import { identityMatch } from './identity/identity-match.ts'
import { writeProfile } from './profile/write-profile.ts'
import { csvFile } from './sources/csv-file.ts'
import { liveEvents } from './sources/live-events.ts'
import { ndjsonFile } from './sources/ndjson-file.ts'
import { aggregate } from './transforms/aggregate.ts'
import { branch } from './transforms/branch.ts'
import { deduplicate } from './transforms/deduplicate.ts'
import { filter } from './transforms/filter.ts'
import { formula } from './transforms/formula.ts'
import { join } from './transforms/join.ts'
import { mapFields } from './transforms/map-fields.ts'
import { mergeBranches } from './transforms/merge-branches.ts'
import { normalise } from './transforms/normalise.ts'
import { profileFields } from './transforms/profile-fields.ts'

export const nodeTypes: readonly NodeType[] = [
  liveEvents,
  csvFile,
  ndjsonFile,
  mapFields,
  formula,
  normalise,
  profileFields,
  filter,
  branch,
  mergeBranches,
  deduplicate,
  aggregate,
  join,
  identityMatch,
  recordConsent,
  consentSignals,
  consentFilter,
  writeProfile,
  audience,
  fileExport,
  webhook,
]
