/** Whether the page is as narrow as a phone. */
import { useSyncExternalStore } from 'react'

const query = window.matchMedia('(max-width: 719px)')

const subscribe = (onChange: () => void): (() => void) => {
  query.addEventListener('change', onChange)
  return () => query.removeEventListener('change', onChange)
}

export const useNarrow = (): boolean => useSyncExternalStore(subscribe, () => query.matches)
