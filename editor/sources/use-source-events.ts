/** Events of a source as they arrive, newest first; paused, they are kept back. */
import { useEffect, useRef, useState } from 'react'
import { seenEventSchema, type SeenEvent } from '../../engine/contract/api/sources.ts'
import { urlOf } from '../api/call.ts'

export interface ArrivedEvent extends SeenEvent {
  /** Number of arrival on this page. */
  n: number
}

/** Events shown at once; older ones make room. */
const SHOWN = 200

export function useSourceEvents(sourceId: string, paused: boolean): ArrivedEvent[] {
  const [events, setEvents] = useState<ArrivedEvent[]>([])
  const isPaused = useRef(paused)
  isPaused.current = paused
  useEffect(() => {
    let n = 0
    const stream = new EventSource(urlOf('sourceEvents', { id: sourceId }))
    stream.addEventListener('message', (message: MessageEvent<string>) => {
      const parsed = seenEventSchema.safeParse(JSON.parse(message.data))
      if (!parsed.success || isPaused.current) return
      const event = { ...parsed.data, n: n++ }
      setEvents((before) => [event, ...before].slice(0, SHOWN))
    })
    return () => stream.close()
  }, [sourceId])
  return events
}
