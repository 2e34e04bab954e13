/** Lines that show what a dragged card is lined up with. */
import { ViewportPortal } from '@xyflow/react'
import { create } from 'zustand'
import type { Alignment } from '../document/align.ts'

export const useGuides = create<Pick<Alignment, 'vertical' | 'horizontal'>>()(() => ({}))

export const clearGuides = (): void => {
  const { vertical, horizontal } = useGuides.getState()
  if (vertical !== undefined || horizontal !== undefined) useGuides.setState({}, true)
}

/** Long enough to cross any screen at any zoom. */
const LENGTH = 20_000

export function Guides() {
  const { vertical, horizontal } = useGuides()
  return (
    <ViewportPortal>
      {vertical !== undefined && (
        <div
          className="guide"
          style={{ left: vertical, top: -LENGTH / 2, width: 0, height: LENGTH }}
        />
      )}
      {horizontal !== undefined && (
        <div
          className="guide"
          style={{ top: horizontal, left: -LENGTH / 2, height: 0, width: LENGTH }}
        />
      )}
    </ViewportPortal>
  )
}
