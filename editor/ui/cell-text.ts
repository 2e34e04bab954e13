/** A value as one line of text. */
import type { Json } from '../../engine/contract/json.ts'

export const cellText = (value: Json | undefined): string =>
  value === undefined || value === null
    ? ''
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value)
