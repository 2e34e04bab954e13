/** Which step holds the canvas's one tab stop, and where each stands in reading order. */
import { create } from 'zustand'

export const useFocus = create<{
  current: string | undefined
  order: ReadonlyMap<string, number>
}>()(() => ({ current: undefined, order: new Map() }))
