import { expect, it } from 'vitest'
import { castNumber, castValue } from './cast-value.ts'

it.each([
  ['12.5', 'auto', 12.5],
  ['12,50', 'auto', 12.5],
  ['1.234,50', 'auto', 1234.5],
  ['1,234.50', 'auto', 1234.5],
  ['1,234,567', 'auto', 1234567],
  ['1 234,5', 'auto', 1234.5],
  ['-3', 'auto', -3],
  ['1,234', 'auto', undefined],
  ['1,234', 'point', 1234],
  ['1,234', 'comma', 1.234],
  ['1.234', 'comma', 1234],
  ['12,34,5', 'auto', undefined],
  ['many', 'auto', undefined],
  ['', 'auto', undefined],
  ['1e400x', 'auto', undefined],
] as const)('reads the number %s with the mark %s as %s', (text, mark, number) => {
  expect(castNumber(text, mark)).toBe(number)
})

it.each([
  ['yes', true],
  ['0', false],
  ['nein', false],
  ['perhaps', undefined],
])('reads %s as %s', (text, value) => {
  expect(castValue(text, 'boolean', 'auto')).toBe(value)
})
