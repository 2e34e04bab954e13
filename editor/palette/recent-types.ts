/** The kinds of steps used last, remembered in this browser. */
import { create } from 'zustand'

const KEY = 'heddle.recentSteps'
const KEPT = 5

function read(): string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]')
    return Array.isArray(stored) ? stored.filter((type) => typeof type === 'string') : []
  } catch {
    return []
  }
}

export const useRecentTypes = create<{ types: readonly string[] }>()(() => ({ types: read() }))

export function rememberType(type: string): void {
  const types = [type, ...useRecentTypes.getState().types.filter((known) => known !== type)]
  useRecentTypes.setState({ types: types.slice(0, KEPT) })
  localStorage.setItem(KEY, JSON.stringify(types.slice(0, KEPT)))
}
