/** The last dry run of the open flow, and what of it is looked at. */
import { create } from 'zustand'
import type { Preview } from '../../engine/contract/api/dry-runs.ts'
import { call } from '../api/call.ts'
import { showCounts } from '../canvas/counts-store.ts'
import { withoutLayout } from '../document/diff-flows.ts'
import { currentGraph } from '../document/flow-store.ts'

/** What became of records at a step: left by a port, ended for a reason, failed with a code. */
export interface Fate {
  kind: 'out' | 'dropped' | 'failed'
  key: string
}

interface DryRunState {
  preview: Preview | undefined
  /** The flow it was made of, to tell whether it is still true. */
  content: string
  revealed: boolean
  busy: boolean
  error: unknown
  node: string | undefined
  fate: Fate | undefined
}

const NOTHING: DryRunState = {
  preview: undefined,
  content: '',
  revealed: false,
  busy: false,
  error: undefined,
  node: undefined,
  fate: undefined,
}

export const useDryRun = create<DryRunState>()(() => NOTHING)
/** Whether there is anything to look at. */
export const isTrying = ({ busy, node, preview, error }: DryRunState): boolean =>
  busy || node !== undefined || preview !== undefined || error !== undefined

export const closeDryRun = (): void => useDryRun.setState(NOTHING)

const ROWS = 300

interface DryRunAsk {
  /** Only this step and what leads to it. */
  until?: string | undefined
  /** Shows values in the clear; written down with this reason. */
  reason?: string
}

/** Tries the flow out as it is now. Throws an ApiFailure. */
export async function runDry({ until, reason }: DryRunAsk = {}): Promise<Preview> {
  const { schemaVersion, nodes, wires, settings } = currentGraph()
  const body = {
    graph: { schemaVersion, nodes, wires, settings },
    rows: ROWS,
    ...(until === undefined ? {} : { until }),
  }
  const content = withoutLayout(currentGraph())
  useDryRun.setState({ busy: true, error: undefined })
  try {
    const preview =
      reason === undefined
        ? await call('flowPreview', { body })
        : await call('flowPreviewReveal', { body: { ...body, reason } })
    useDryRun.setState({ preview, content, busy: false, revealed: reason !== undefined })
    showCounts('preview', preview.counts)
    return preview
  } catch (error) {
    useDryRun.setState({ busy: false, error })
    throw error
  }
}

/** Shows who is behind a number, trying the flow out up to there when that was not done yet. */
export async function showFate(node: string, fate?: Fate): Promise<void> {
  useDryRun.setState({ node, fate })
  const { preview, content } = useDryRun.getState()
  const known = preview?.counts[node] !== undefined && content === withoutLayout(currentGraph())
  if (!known) await runDry({ until: node }).catch(() => undefined)
}
