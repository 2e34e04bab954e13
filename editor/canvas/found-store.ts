/** Which steps the search on the canvas has found; undefined while nothing is searched. */
import { create } from 'zustand'

export const useFound = create<{ found: ReadonlySet<string> | undefined }>()(() => ({
  found: undefined,
}))
