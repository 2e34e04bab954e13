/** Patterns people write, on an engine whose time grows with the text and never explodes (RE2). */
import { RE2JS } from 're2js'
import { ExpressionError } from './expression-error.ts'

/** Time grows with pattern times text: this many steps take a tenth of a second at worst. */
const MAX_STEPS = 5_000_000
const MAX_LENGTH = 1_000
const MAX_PROGRAM = 20_000

export interface Pattern {
  /** Whether it occurs in the text; undefined when so long a text would take too long. */
  test(text: string): boolean | undefined
}

const known = new Map<string, Pattern>()
const MOST_KNOWN = 200

/** Throws an error with the reason when the pattern cannot be read. */
export function compilePattern(source: string): Pattern {
  const before = known.get(source)
  if (before) return before
  const made = make(source)
  if (known.size >= MOST_KNOWN) known.clear()
  known.set(source, made)
  return made
}

function make(source: string): Pattern {
  if (source.length > MAX_LENGTH)
    throw new ExpressionError(`A pattern may be ${MAX_LENGTH} characters long.`)
  const compiled = RE2JS.compile(source)
  const size = compiled.programSize()
  if (size > MAX_PROGRAM) throw new ExpressionError('The pattern repeats too much.')
  return {
    test: (text) => (size * text.length > MAX_STEPS ? undefined : compiled.matcher(text).find()),
  }
}
