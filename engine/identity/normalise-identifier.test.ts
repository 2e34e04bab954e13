import { describe, expect, it } from 'vitest'
import { normaliseEmail } from './normalise-email.ts'
import { normaliseIdentifier } from './normalise-identifier.ts'
import { refusalSentences, type Normalised } from './refusal.ts'

/** What a row expects: the value, or the refusal in angle brackets. */
const shown = (result: Normalised): string =>
  'value' in result ? result.value : `<${result.refused}>`

describe('normaliseEmail', () => {
  const rows: Array<[string, unknown, string]> = [
    ['keeps a plain address', 'jane@example.com', 'jane@example.com'],
    ['trims and lowers', '  Jane.Doe@Example.COM\n', 'jane.doe@example.com'],
    ['keeps dots and suffix at gmail', 'j.a.n.e+x@gmail.com', 'j.a.n.e+x@gmail.com'],
    ['turns a Unicode domain into punycode', 'a@Bücher.de', 'a@xn--bcher-kva.de'],
    ['keeps a punycode domain', 'a@XN--BCHER-KVA.de', 'a@xn--bcher-kva.de'],
    ['keeps ß in a domain apart from ss', 'a@straße.de', 'a@xn--strae-oqa.de'],
    ['keeps ß in a local part', 'STRAßE@x.de', 'straße@x.de'],
    ['keeps the dot of a lowered İ', 'İ@x.com', 'i\u0307@x.com'],
    ['composes accents', 'e\u0301@x.com', '\u00e9@x.com'],
    ['keeps a quoted local part', '"John Doe"@Example.com', '"john doe"@example.com'],
    ['keeps an @ inside quotes', '"a@b"@example.com', '"a@b"@example.com'],
    ['refuses null', null, '<not_text>'],
    ['refuses the word null', 'null', '<email_malformed>'],
    ['refuses undefined', undefined, '<not_text>'],
    ['refuses blanks', ' \t', '<empty>'],
    ['refuses two addresses', 'a@x.com,b@x.com', '<email_malformed>'],
    ['refuses a display name', 'Jane <a@x.com>', '<email_malformed>'],
    ['refuses a missing name', '@x.com', '<email_malformed>'],
    ['refuses a domain without dot', 'a@localhost', '<email_domain_malformed>'],
    ['refuses an address literal', 'a@[127.0.0.1]', '<email_domain_malformed>'],
    ['refuses a numeric domain', 'a@1.2.3.4', '<email_domain_malformed>'],
    ['refuses two dots', 'a@x..com', '<email_domain_malformed>'],
    ['refuses a trailing dot', 'a@x.com.', '<email_domain_malformed>'],
    ['refuses a hyphen at an end', 'a@-x.com', '<email_domain_malformed>'],
    ['refuses a path after the domain', 'a@x.com/y', '<email_domain_malformed>'],
    ['refuses a port', 'a@x.com:25', '<email_domain_malformed>'],
    ['refuses broken punycode', 'a@xn--a.com', '<email_domain_malformed>'],
    ['refuses a label of 64', `a@${'x'.repeat(64)}.com`, '<email_domain_malformed>'],
    ['refuses NUL', 'a\0@x.com', '<unreadable_character>'],
    ['refuses a zero-width space', 'a\u200b@x.com', '<unreadable_character>'],
    ['refuses a lone surrogate', 'a\ud800@x.com', '<unreadable_character>'],
    ['refuses a megabyte', `${'a'.repeat(1e6)}@x.com`, '<too_long>'],
  ]
  it.each(rows)('%s', (_, raw, expected) => {
    expect(shown(normaliseEmail(raw))).toBe(expected)
  })

  it.each(rows.filter(([, , expected]) => !expected.startsWith('<')))(
    '%s, and the same again when repeated',
    (_, _raw, value) => {
      expect(shown(normaliseEmail(value))).toBe(value)
    },
  )
})

describe('normaliseIdentifier for phones', () => {
  const rows: Array<[string, unknown, string | undefined, string]> = [
    ['keeps E.164', '+16502530000', undefined, '+16502530000'],
    ['uses the region of the source', '(650) 253-0000', 'US', '+16502530000'],
    ['takes the region in lower case', '030 123456', 'de', '+4930123456'],
    ['reads full-width digits', '（６５０）２５３－００００', 'US', '+16502530000'],
    ['reads a tel: address', 'tel:+1-650-253-0000', undefined, '+16502530000'],
    ['reads a number sent as a number', 6502530000, 'US', '+16502530000'],
    [
      'refuses a national number without region',
      '650 253 0000',
      undefined,
      '<phone_region_missing>',
    ],
    ['refuses an unknown region', '650 253 0000', 'XX', '<phone_region_missing>'],
    ['refuses an extension', '+1 650 253 0000 ext. 5', undefined, '<phone_extension>'],
    ['refuses a formula', '=+16502530000', 'US', '<phone_malformed>'],
    ['refuses zero', '0', 'DE', '<phone_impossible>'],
    ['refuses a lone plus', '+', 'DE', '<phone_malformed>'],
    ['refuses 16 digits', '+1234567890123456', 'US', '<phone_impossible>'],
    ['refuses letters', 'call me', 'US', '<phone_malformed>'],
    ['refuses a filler number', '+10000000000', undefined, '<phone_impossible>'],
    ['refuses blanks', '  ', 'US', '<empty>'],
    ['refuses a megabyte', '1'.repeat(1e6), 'US', '<phone_impossible>'],
  ]
  it.each(rows)('%s', (_, raw, defaultRegion, expected) => {
    expect(shown(normaliseIdentifier('phone', raw, { defaultRegion }))).toBe(expected)
  })
})

describe('normaliseIdentifier for other kinds', () => {
  const rows: Array<[string, unknown, string]> = [
    ['trims and keeps case', '  AbC-1 ', 'AbC-1'],
    ['composes accents', 'e\u0301', '\u00e9'],
    ['reads a whole number', 42, '42'],
    ['refuses a fraction', 4.2, '<not_text>'],
    ['refuses a number that lost digits', 2 ** 53, '<not_text>'],
    ['refuses an object', { $ne: null }, '<not_text>'],
    ['refuses a truth value', true, '<not_text>'],
    ['refuses NUL', 'a\0b', '<unreadable_character>'],
    ['refuses a lone surrogate', 'a\udc00', '<unreadable_character>'],
    ['keeps 500 characters', 'x'.repeat(500), 'x'.repeat(500)],
    ['refuses 501 characters', 'x'.repeat(501), '<too_long>'],
    ['refuses a megabyte', 'x'.repeat(1e6), '<too_long>'],
  ]
  it.each(rows)('%s', (_, raw, expected) => {
    expect(shown(normaliseIdentifier('user_id', raw))).toBe(expected)
  })
})

it('says every refusal in a sentence', () => {
  for (const sentence of Object.values(refusalSentences)) expect(sentence).toMatch(/^[A-Z].*\.$/)
})
