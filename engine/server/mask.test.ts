import { describe, expect, test } from 'vitest'
import type { ProfileView } from '../contract/api/profiles.ts'
import { maskEmail, maskPreview, maskProfile, maskText, maskValue } from './mask.ts'

test.each([
  ['anna@example.com', 'a•••@e•••.com'],
  ['ø@mail.example.co.uk', 'ø•••@m•••.uk'],
  ['root@localhost', 'r•••@l•••'],
])('masks the address %s', (email, masked) => {
  expect(maskEmail(email)).toBe(masked)
})

test.each([
  ['Anna Schmidt', 'A••• S•••'],
  ['+44 20 7946 0958', '+4•••58'],
  ['', ''],
  ['王小明', '王•••'],
])('masks the text %s', (text, masked) => {
  expect(maskText(text)).toBe(masked)
})

describe('a trait', () => {
  test.each([
    ['first_name', 'Anna'],
    ['notes', 'Lives next to the church'],
    ['unheard_of', 'anything'],
    ['birthDate', '1980-05-01'],
    ['Phone', 447946],
    ['customer_id', 17],
    ['country', 'anna@example.com'],
    ['address', { street: 'High Street 1', city: 'Ely' }],
    ['nicknames', ['Annie']],
  ])('%s is masked', (name, value) => {
    expect(JSON.stringify(maskValue(name, value))).toContain('•••')
    for (const text of JSON.stringify(value).match(/[\w@.-]{3,}/g) ?? [])
      if (!['street', 'city'].includes(text))
        expect(JSON.stringify(maskValue(name, value))).not.toContain(text)
  })

  test.each([
    ['country', 'GB'],
    ['order_count', 12],
    ['total', '12.50'],
    ['subscribed', true],
    ['last_order_at', '2026-01-01T10:00:00Z'],
    ['product_id', 'P-17'],
    ['gone', null],
  ])('%s is shown', (name, value) => {
    expect(maskValue(name, value)).toEqual(value)
  })

  test('is masked when the flow knows it as personal, whatever its name', () => {
    expect(maskValue('country', 'Wonderland', true)).toBe('W•••')
    expect(maskValue('total', 12, true)).toBe('•••')
  })
})

test('leaves no canary of a profile in the clear', () => {
  const canary = 'canary-anna@example.com'
  const profile: ProfileView = {
    id: 'p1',
    label: canary,
    identifiers: [{ type: 'email', value: canary }],
    updatedAt: '2026-01-01T00:00:00Z',
    createdAt: '2026-01-01T00:00:00Z',
    masked: false,
    traits: { status: { value: canary, source: 'crm', at: '2026-01-01' } },
    consent: {},
    audiences: [],
    events: [
      { time: '2026-01-01', name: 'Order', source: 'shop', properties: { a: { b: [canary] } } },
    ],
    disclosures: [],
  }
  const masked = maskProfile(profile)
  expect(masked.masked).toBe(true)
  expect(JSON.stringify(masked)).not.toMatch(/canary|anna|example\.com/)
})

test('masks rows and payloads of a preview', () => {
  const fields = [{ name: 'country', type: 'text' as const, personal: true }]
  const shape = { node: { out: { kind: 'people' as const, fields } } }
  const row = { email: 'anna@example.com', country: 'Wonderland', orders: 3 }
  const preview = {
    counts: {},
    sampled: 1,
    rows: { node: [row] },
    fates: { node: { out: { out: [row] }, dropped: {}, failed: {} } },
    payloads: { node: [JSON.stringify({ data: row }), 'anna@example.com;Anna Schmidt;3'] },
  }
  const masked = maskPreview(preview, { shapes: shape, arrives: shape })
  expect(masked.rows['node']).toEqual([{ email: 'a•••@e•••.com', country: 'W•••', orders: 3 }])
  expect(masked.fates['node']?.out['out']).toEqual(masked.rows['node'])
  expect(masked.payloads['node']).toEqual([
    '{"data":{"email":"a•••@e•••.com","country":"W•••","orders":3}}',
    'a•••@e•••.c•••;A••• S•••;3•••',
  ])
})
