/** Saves a draft by itself: one save at a time, each with its base version; nothing is ever dropped. */
import { sameJson } from './same-json.ts'
import type { FlowDocument } from './history.ts'

export type SaveState =
  | { kind: 'saved'; at: number | undefined }
  | { kind: 'changed' }
  | { kind: 'saving' }
  | { kind: 'offline' }
  | { kind: 'signed_out' }
  | { kind: 'refused'; message: string }
  | { kind: 'conflict'; theirs: FlowDocument; theirVersion: number }

/** What became of one save. */
export type SaveResult =
  | { kind: 'saved'; version: number }
  | { kind: 'conflict' }
  | { kind: 'offline' }
  | { kind: 'signed_out' }
  | { kind: 'refused'; message: string }

export interface SaverTools {
  save(document: FlowDocument, base: number): Promise<SaveResult>
  /** The stored draft, read when a save was refused as stale. */
  readTheirs(): Promise<{ document: FlowDocument; version: number }>
  keepCopy(document: FlowDocument, base: number): void
  dropCopy(): void
  onState(state: SaveState): void
  now(): number
}

export interface DraftSaver {
  /** Called with each change of the document. */
  changed(document: FlowDocument): void
  /** Saves what is open now; resolves when it is stored or cannot be. */
  flush(): Promise<void>
  /** Settles a conflict: saves mine over theirs, or goes on from theirs. */
  resolve(choice: 'mine' | 'theirs'): Promise<void>
  /** What is not stored yet, and the version it is based on. */
  pending(): { document: FlowDocument; base: number } | undefined
  version(): number
  stop(): void
}

const WAIT_MS = 800
const RETRY_MS = [2_000, 4_000, 8_000, 15_000, 30_000]

export function createDraftSaver(
  start: { document: FlowDocument; version: number; savedAt?: number },
  tools: SaverTools,
): DraftSaver {
  let base = start.version
  let stored = start.document
  let latest = start.document
  let saving: Promise<void> | undefined
  let conflict: Extract<SaveState, { kind: 'conflict' }> | undefined
  let failures = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  const dirty = (): boolean => !sameJson(latest, stored)
  const later = (ms: number): void => {
    clearTimeout(timer)
    timer = setTimeout(() => void flush(), ms)
  }

  async function flush(): Promise<void> {
    clearTimeout(timer)
    if (saving) await saving
    if (conflict || !dirty()) return
    saving ??= saveOnce().finally(() => (saving = undefined))
    await saving
  }

  async function saveOnce(): Promise<void> {
    const document = latest
    tools.onState({ kind: 'saving' })
    const result = await tools.save(document, base)
    if (result.kind === 'saved') return onSaved(document, result.version)
    if (result.kind === 'conflict') return onConflict()
    tools.onState(result)
    if (result.kind === 'offline') later(RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)] ?? 0)
  }

  function onSaved(document: FlowDocument, version: number): void {
    base = version
    stored = document
    failures = 0
    if (dirty()) {
      tools.keepCopy(latest, base)
      tools.onState({ kind: 'changed' })
      later(WAIT_MS)
      return
    }
    tools.dropCopy()
    tools.onState({ kind: 'saved', at: tools.now() })
  }

  async function onConflict(): Promise<void> {
    try {
      const { document, version } = await tools.readTheirs()
      // Another tab may have stored the very same thing: nothing to settle.
      if (sameJson(document, latest)) return onSaved(document, version)
      conflict = { kind: 'conflict', theirs: document, theirVersion: version }
      tools.onState(conflict)
    } catch {
      tools.onState({ kind: 'offline' })
      later(RETRY_MS[0] ?? 0)
    }
  }

  return {
    changed(document) {
      latest = document
      if (!dirty()) return
      tools.keepCopy(document, base)
      if (conflict) return
      tools.onState({ kind: 'changed' })
      later(WAIT_MS)
    },
    flush,
    async resolve(choice) {
      if (!conflict) return
      const { theirs, theirVersion } = conflict
      conflict = undefined
      base = theirVersion
      stored = theirs
      if (choice === 'mine') return flush()
      latest = theirs
      onSaved(theirs, theirVersion)
    },
    pending: () => (dirty() ? { document: latest, base } : undefined),
    version: () => base,
    stop: () => clearTimeout(timer),
  }
}
