import { describe, expect, it } from 'vitest'
import type { Fields } from '../../engine/contract/json.ts'
import { isWritable, readPath } from './field-path.ts'

const FIELDS = JSON.parse(
  '{"a":{"b":{"c":1},"list":[{"x":2}]},"a.b":"exact","empty":null,"__proto__":{"own":3}}',
) as Fields

describe('reading a path', () => {
  it.each([
    ['a.b.c', 1],
    ['a.b', 'exact'],
    ['a.list.0.x', 2],
    ['empty', null],
    ['empty.x', undefined],
    ['a.b.c.d', undefined],
    ['nothing', undefined],
    ['', undefined],
    ['.', undefined],
    ['a.', undefined],
    ['constructor', undefined],
    ['a.constructor', undefined],
    ['a.constructor.prototype', undefined],
    ['a.__proto__.toString', undefined],
    ['a.list.length.x', undefined],
    ['toString', undefined],
  ])('%j is %j', (path, expected) => {
    expect(readPath(FIELDS, path)).toEqual(expected)
  })
})

describe('names to write', () => {
  it.each([
    ['email', true],
    ['address.city', true],
    ['', false],
    ['__proto__', false],
    ['constructor', false],
    ['prototype', false],
    ['a.__proto__.b', false],
    ['a.constructor', false],
  ])('%j: %s', (name, allowed) => {
    expect(isWritable(name)).toBe(allowed)
  })
})
