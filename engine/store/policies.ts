/** Versions of the privacy policy: each is kept, so that a record is read against its own text. */
import type { Policy, PolicyVersion } from '../contract/policy.ts'
import type { Database } from './database.ts'
import { ignoreDuplicates } from './duplicate-keys.ts'
import { createSettingsStore } from './settings.ts'
import { ConflictError } from './store-errors.ts'

type PolicyDocument = Omit<PolicyVersion, 'version' | 'changedAt'> & {
  _id: number
  changedAt: Date
}

export function createPolicyStore(database: Database) {
  const versions = database.collection<PolicyDocument>('policies')
  const settings = createSettingsStore(database)

  /** Before the first version is written: what the list of purposes says. */
  const first = async (): Promise<PolicyVersion> => {
    const purposes = await settings.readPurposes()
    return {
      version: 0,
      changedAt: new Date(0).toISOString(),
      changedBy: '',
      rules: purposes.map(({ key, needsConsent }) => ({
        purpose: key,
        region: '*',
        basis: needsConsent ? 'consent' : 'legitimate_interest',
        validDays: 0,
      })),
      texts: purposes.map(({ key, name, description }) => ({
        purpose: key,
        language: 'en',
        title: name,
        text: description,
      })),
      controller: { name: '', address: '', contact: '' },
      storage: '',
      sensitiveTraits: [],
    }
  }
  const view = ({ _id, changedAt, ...rest }: PolicyDocument): PolicyVersion => ({
    ...rest,
    version: _id,
    changedAt: changedAt.toISOString(),
  })
  const read = async (): Promise<PolicyVersion> => {
    const last = await versions.find().sort({ _id: -1 }).limit(1).next()
    return last ? view(last) : first()
  }

  return {
    read,
    async readVersion(version: number): Promise<PolicyVersion | undefined> {
      const found = await versions.findOne({ _id: version })
      return found ? view(found) : undefined
    },
    list: async (limit: number): Promise<PolicyVersion[]> =>
      (await versions.find().sort({ _id: -1 }).limit(limit).toArray()).map(view),
    /** Compare and set: `base` is the version that was read. */
    async write(base: number, policy: Policy, by: string): Promise<PolicyVersion> {
      const document = { ...policy, _id: base + 1, changedAt: new Date(), changedBy: by }
      const current = await read()
      const taken =
        current.version === base
          ? await ignoreDuplicates(versions.insertMany([document], { ordered: false }))
          : [0]
      if (taken.length > 0)
        throw new ConflictError(
          'policy_is_stale',
          'The policy was changed by somebody else in the meantime. Load it again before you save.',
          await read(),
        )
      return view(document)
    },
  }
}

export type PolicyStore = ReturnType<typeof createPolicyStore>
