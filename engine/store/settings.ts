/** Settings of the workspace: the purposes data may be used for, and what the workspace is. */
import { randomUUID } from 'node:crypto'
import type { Purpose } from '../contract/api/workspace.ts'
import type { Database } from './database.ts'

interface PurposesDocument {
  _id: 'purposes'
  purposes: Purpose[]
}

interface WorkspaceDocument {
  _id: 'workspace'
  id: string
  createdAt: Date
}

const purpose = (key: string, name: string, description: string): Purpose => ({
  key,
  name,
  description,
  needsConsent: true,
})

export const DEFAULT_PURPOSES: readonly Purpose[] = [
  purpose('email_marketing', 'Email marketing', 'Newsletters and offers by email.'),
  purpose('ads', 'Advertising', 'Showing or measuring adverts on other sites and apps.'),
  purpose('analytics', 'Analytics', 'Measuring how shops, sites and apps are used.'),
  purpose('personalisation', 'Personalisation', 'Fitting contents and offers to the person.'),
  purpose('profiling', 'Profiling', 'Predicting what a person may want or do.'),
  purpose('sharing', 'Sharing', 'Handing data to other companies.'),
]

export function createSettingsStore(database: Database) {
  const purposes = database.collection<PurposesDocument>('settings')
  const workspaces = database.collection<WorkspaceDocument>('settings')
  return {
    async readPurposes(): Promise<Purpose[]> {
      return (await purposes.findOne({ _id: 'purposes' }))?.purposes ?? [...DEFAULT_PURPOSES]
    },
    async writePurposes(list: readonly Purpose[]): Promise<Purpose[]> {
      await purposes.updateOne(
        { _id: 'purposes' },
        { $set: { purposes: [...list] } },
        { upsert: true },
      )
      return [...list]
    },
    /** The workspace's own id and age, made when first asked for. */
    async readWorkspace(): Promise<{ id: string; createdAt: string }> {
      await workspaces.updateOne(
        { _id: 'workspace' },
        { $setOnInsert: { id: randomUUID(), createdAt: new Date() } },
        { upsert: true },
      )
      const found = await workspaces.findOne({ _id: 'workspace' })
      if (!found) throw new Error('The workspace settings vanished while they were read.')
      return { id: found.id, createdAt: found.createdAt.toISOString() }
    },
  }
}

export type SettingsStore = ReturnType<typeof createSettingsStore>
