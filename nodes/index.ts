/** The built-in node types: the explicit list. */
import type { NodeType } from '../engine/contract/node.ts'
import { audience } from './audience/audience.ts'
import { consentFilter } from './consent/consent-filter.ts'
import { recordConsent } from './consent/record-consent.ts'
import { fileExport } from './destinations/file-export.ts'
import { identityMatch } from './identity/identity-match.ts'
import { writeProfile } from './profile/write-profile.ts'
import { csvFile } from './sources/csv-file.ts'
import { ndjsonFile } from './sources/ndjson-file.ts'
import { aggregate } from './transforms/aggregate.ts'
import { deduplicate } from './transforms/deduplicate.ts'
import { filter } from './transforms/filter.ts'
import { mapFields } from './transforms/map-fields.ts'
import { mergeBranches } from './transforms/merge-branches.ts'
import { normalise } from './transforms/normalise.ts'
import { profileFields } from './transforms/profile-fields.ts'

export const nodeTypes: readonly NodeType[] = [
  csvFile,
  ndjsonFile,
  mapFields,
  normalise,
  profileFields,
  filter,
  deduplicate,
  mergeBranches,
  aggregate,
  identityMatch,
  recordConsent,
  consentFilter,
  writeProfile,
  audience,
  fileExport,
]
