import { expect, it } from 'vitest'
import { compareVersions } from './compare-versions.ts'

it.each([
  ['6.0.5', '6.0.10', -1],
  ['8.0', '7.9.9', 1],
  ['6.0', '6.0.0', 0],
])('orders %s and %s by number', (a, b, sign) => {
  expect(Math.sign(compareVersions(a, b))).toBe(sign)
})
