/** Functions of formulas for texts, dates and missing values; all of them bear a missing value. */
import { createHash } from 'node:crypto'
import type { Environment } from '@marcbachmann/cel-js'
import { toInstant } from './condition.ts'
import { ExpressionError } from './expression-error.ts'
import { MAX_OUTPUT, toJson } from './expression-value.ts'
import { isSet, toText } from './field-path.ts'

const DAY_MS = 86_400_000
const MOST_ALTERNATIVES = 5

export function registerFunctions(environment: Environment): void {
  environment.registerFunction('lower(dyn): string', (value: unknown) => text(value).toLowerCase())
  environment.registerFunction('upper(dyn): string', (value: unknown) => text(value).toUpperCase())
  environment.registerFunction('replace(dyn, string, string): string', replace)
  environment.registerFunction('hash(dyn): string', (value: unknown) =>
    createHash('sha256').update(text(value)).digest('hex'),
  )
  environment.registerFunction('daysBetween(dyn, dyn): int', (from: unknown, to: unknown) =>
    BigInt(Math.floor((instant(to) - instant(from)) / DAY_MS)),
  )
  for (let count = 2; count <= MOST_ALTERNATIVES; count++)
    environment.registerFunction(`coalesce(${Array(count).fill('dyn').join(', ')}): dyn`, coalesce)
}

const text = (value: unknown): string => toText(toJson(value))

/** The first value that is set, else null. */
const coalesce = (...values: unknown[]): unknown =>
  values.find((value) => isSet(toJson(value))) ?? null

function replace(value: unknown, search: string, by: string): string {
  if (search === '') throw new ExpressionError('replace() needs a text to look for.')
  const parts = text(value).split(search)
  const length = parts.reduce((sum, part) => sum + part.length + by.length, 0)
  if (length > MAX_OUTPUT) throw new ExpressionError('The result is too large.')
  return parts.join(by)
}

function instant(value: unknown): number {
  const at = value instanceof Date ? value.getTime() : toInstant(toJson(value))
  if (at === undefined || Number.isNaN(at)) throw new ExpressionError('A value is not a date.')
  return at
}
