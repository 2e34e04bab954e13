/** A run as it changes: server-sent events, read by schema; the browser connects again by itself. */
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { runViewSchema } from '../../engine/contract/api/runs.ts'
import { FINAL_STATES } from '../../engine/contract/run.ts'
import { urlOf, type Answer } from './call.ts'

export type RunView = Answer<'runRead'>

/** The latest state of the run; undefined until the first message. */
export function useRunStream(runId: string | undefined): RunView | undefined {
  const [run, setRun] = useState<RunView>()
  const client = useQueryClient()
  useEffect(() => {
    setRun(undefined)
    if (runId === undefined) return
    const events = new EventSource(urlOf('runEvents', { id: runId }))
    const onMessage = (event: MessageEvent<string>) => {
      const parsed = runViewSchema.safeParse(JSON.parse(event.data))
      if (!parsed.success) return
      setRun(parsed.data)
      if (!FINAL_STATES.has(parsed.data.state)) return
      events.close()
      for (const read of ['runRead', 'runList', 'flowList', 'flowRead', 'runFiles'])
        void client.invalidateQueries({ queryKey: [read] })
    }
    events.addEventListener('message', onMessage)
    events.addEventListener('run', onMessage)
    return () => events.close()
  }, [runId, client])
  return run?.id === runId ? run : undefined
}
