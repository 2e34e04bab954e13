/** How many people an audience holds, as it may be shown: never so exactly that one person's coming or
 *  going can be seen. */

/** Below this, only that it is below this. */
export const SMALLEST_SHOWN = 20
const STEP = 10
/** A shown size stays this long, so that nobody learns by asking often. */
export const SHOWN_FOR_MS = 10 * 60_000

export interface ShownSize {
  /** Rounded; 0 when the audience is small. */
  members: number
  small: boolean
}

export const showSize = (exact: number): ShownSize =>
  exact < SMALLEST_SHOWN
    ? { members: 0, small: true }
    : { members: Math.round(exact / STEP) * STEP, small: false }

export interface KeptSize extends ShownSize {
  at: number
}

/** True when the kept size may still be shown; a clock that was set back makes it fresh again. */
export const isFresh = (kept: KeptSize | undefined, now: number): kept is KeptSize =>
  kept !== undefined && now - kept.at < SHOWN_FOR_MS
