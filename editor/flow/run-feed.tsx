/** Follows the run of the open flow: its numbers go to the wires, its state to whoever asks, and
 *  nothing else is drawn again ten times a second. */
import { useEffect } from 'react'
import { create } from 'zustand'
import type { RunState } from '../../engine/contract/run.ts'
import { useRunStream } from '../api/use-run-stream.ts'
import { showCounts } from '../canvas/counts-store.ts'
import { isTrying, useDryRun } from './dry-run-store.ts'

export interface FollowedRun {
  id: string
  state: RunState
  live: true | undefined
}

export const useFollowedRun = create<{ run: FollowedRun | undefined }>()(() => ({ run: undefined }))

export function RunFeed({ runId }: { runId: string | undefined }) {
  const run = useRunStream(runId)
  const trying = useDryRun(isTrying)
  const state = run?.state
  const live = run?.live
  useEffect(() => {
    useFollowedRun.setState({
      run: runId === undefined || state === undefined ? undefined : { id: runId, state, live },
    })
    return () => useFollowedRun.setState({ run: undefined })
  }, [runId, state, live])
  useEffect(() => {
    if (run && !trying) showCounts('run', run.counts)
  }, [run, trying])
  return null
}
