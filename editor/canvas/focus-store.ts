/** Which step holds the canvas's one tab stop, and where each stands in reading order. */
import { create } from 'zustand'

export const useFocus = create<{
  current: string | undefined
  order: ReadonlyMap<string, number>
  /** Raised when a step is asked for by name, so that it is shown wherever the focus is. */
  asked: number
}>()(() => ({ current: undefined, order: new Map(), asked: 0 }))

/** Brings a step into view and gives it the tab stop, leaving the focus where it is. */
export const showStep = (id: string): void =>
  useFocus.setState(({ asked }) => ({ current: id, asked: asked + 1 }))
