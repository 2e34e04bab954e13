/** What a formula gives, as JSON: only plain values leave, and only so much of them. */
import type { Json } from '../../engine/contract/json.ts'
import { ExpressionError } from './expression-error.ts'

/** Letters, and eight for every other value: a short formula can double a list thirty times. */
export const MAX_OUTPUT = 1_000_000
const VALUE_COST = 8
const FORBIDDEN: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

/** Integers as numbers, times as ISO 8601; undefined for what cannot be stored. */
export function toJson(value: unknown, budget = { left: MAX_OUTPUT }): Json | undefined {
  budget.left -= typeof value === 'string' ? value.length : VALUE_COST
  if (budget.left < 0) throw new ExpressionError('The result is too large.')
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString()
  if (Array.isArray(value)) return value.map((entry: unknown) => toJson(entry, budget) ?? null)
  const entries = value instanceof Map ? [...(value as Map<string, unknown>)] : plainEntries(value)
  if (!entries) return undefined
  const made: Array<[string, Json]> = entries
    .filter(([key]) => !FORBIDDEN.has(key))
    .map(([key, inner]) => [key, toJson(inner, budget) ?? null])
  return Object.fromEntries(made)
}

function plainEntries(value: unknown): Array<[string, unknown]> | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const prototype = Object.getPrototypeOf(value) as unknown
  return prototype === Object.prototype || prototype === null ? Object.entries(value) : undefined
}
