import { describe, expect, it } from 'vitest'
import { countryCodes } from './country-codes.ts'
import {
  normaliseCountry,
  normaliseDate,
  normaliseName,
  type DateOptions,
} from './normalise-traits.ts'
import type { Normalised } from './refusal.ts'

const shown = (result: Normalised): string =>
  'value' in result ? result.value : `<${result.refused}>`

describe('normaliseName', () => {
  const rows: Array<[string, unknown, string]> = [
    ['repairs capitals', 'JOHN SMITH', 'John Smith'],
    ['repairs lower case', 'jane doe', 'Jane Doe'],
    ['keeps mixed case', 'Ronald McDonald deGrasse', 'Ronald McDonald deGrasse'],
    ['knows hyphens', 'ANNE-MARIE', 'Anne-Marie'],
    ['knows apostrophes', "o'neil", "O'Neil"],
    ['knows Mc', 'MCDONALD', 'McDonald'],
    ['keeps particles low', 'LUDWIG VAN BEETHOVEN', 'Ludwig van Beethoven'],
    ['begins with a capital', 'van gogh', 'Van Gogh'],
    ['knows initials', 'j.r.r. tolkien', 'J.R.R. Tolkien'],
    ['keeps numerals', 'JOHN SMITH III', 'John Smith III'],
    ['repairs accents', 'JOSÉ ÁLVAREZ', 'José Álvarez'],
    ['keeps Chinese', '王小明', '王小明'],
    ['joins spaces', '  Jane \t\n Doe ', 'Jane Doe'],
    ['drops direction marks', 'Jane\u202e Doe\u200b', 'Jane Doe'],
    ['composes accents', 'Jose\u0301 A', 'Jos\u00e9 A'],
    ['refuses blanks', ' \u200b ', '<empty>'],
    ['refuses a number', 7, '<not_text>'],
    ['refuses a megabyte', 'x'.repeat(1e6), '<too_long>'],
  ]
  it.each(rows)('%s', (_, raw, expected) => {
    expect(shown(normaliseName(raw))).toBe(expected)
  })
})

describe('normaliseCountry', () => {
  const rows: Array<[string, unknown, string]> = [
    ['keeps alpha-2', 'DE', 'DE'],
    ['reads lower case', ' de ', 'DE'],
    ['reads alpha-3', 'DEU', 'DE'],
    ['reads English', 'Germany', 'DE'],
    ['reads German', 'Deutschland', 'DE'],
    ['reads French', 'Allemagne', 'DE'],
    ['reads Chinese', '德国', 'DE'],
    ['reads traditional Chinese', '德國', 'DE'],
    ['reads without accents', 'Osterreich', 'AT'],
    ['reads with dots', 'U.S.A.', 'US'],
    ['reads an article', 'The Netherlands', 'NL'],
    ['reads & for and', 'Bosnia & Herzegovina', 'BA'],
    ['reads UK', 'UK', 'GB'],
    ['reads a former name', 'Czech Republic', 'CZ'],
    ['reads South Korea', 'South Korea', 'KR'],
    ['reads Côte d’Ivoire', "Cote d'Ivoire", 'CI'],
    ['keeps the two Congos apart', 'DR Congo', 'CD'],
    ['refuses a code nobody has', 'XX', '<country_unknown>'],
    ['refuses a former code', 'DDR', '<country_unknown>'],
    ['refuses a union', 'EU', '<country_unknown>'],
    ['refuses an inherited name', 'constructor', '<country_unknown>'],
    ['refuses blanks', ' . ', '<empty>'],
    ['refuses a number', 49, '<not_text>'],
  ]
  it.each(rows)('%s', (_, raw, expected) => {
    expect(shown(normaliseCountry(raw))).toBe(expected)
  })

  it('reads every code and every own name back to the same country', () => {
    expect(countryCodes).toHaveLength(249)
    const names = ['en', 'de', 'fr', 'zh'].map(
      (one) => new Intl.DisplayNames([one], { type: 'region' }),
    )
    for (const { alpha2, alpha3 } of countryCodes) {
      const forms = [alpha2, alpha3, ...names.map((name) => name.of(alpha2))]
      expect(forms.map((form) => shown(normaliseCountry(form)))).toEqual(forms.map(() => alpha2))
    }
  })
})

describe('normaliseDate', () => {
  const rows: Array<[string, unknown, DateOptions, string]> = [
    ['keeps an ISO day', '2024-02-29', {}, '2024-02-29'],
    ['reads a compact day', '20240229', {}, '2024-02-29'],
    ['reads UTC', '2024-02-29T10:00:00Z', {}, '2024-02-29T10:00:00.000Z'],
    ['reads an offset', '2024-03-01T00:30:00.5+02:00', {}, '2024-02-29T22:30:00.500Z'],
    ['refuses a time without zone', '2024-02-29 10:00:00', {}, '<date_zone_missing>'],
    [
      'reads it as UTC when allowed',
      '2024-02-29 10:00',
      { assumeUtc: true },
      '2024-02-29T10:00:00.000Z',
    ],
    ['refuses 29 February of another year', '2023-02-29', {}, '<date_impossible>'],
    ['refuses 29 February 1900', '1900-02-29', {}, '<date_impossible>'],
    ['refuses month 13', '2024-13-01', {}, '<date_impossible>'],
    ['refuses hour 25', '2024-01-01T25:00:00Z', {}, '<date_impossible>'],
    ['refuses an offset of 99 hours', '2024-01-01T10:00:00+99:00', {}, '<date_impossible>'],
    [
      'reads a pattern with the day first',
      '03/04/2024',
      { patterns: ['dd/MM/yyyy'] },
      '2024-04-03',
    ],
    [
      'reads a pattern with the month first',
      '03/04/2024',
      { patterns: ['MM/dd/yyyy'] },
      '2024-03-04',
    ],
    ['reads a pattern with dots', '3.4.2024', { patterns: ['d.M.yyyy'] }, '2024-04-03'],
    [
      'reads a pattern with time',
      '03/04/2024 05:06',
      { patterns: ['dd/MM/yyyy HH:mm'], assumeUtc: true },
      '2024-04-03T05:06:00.000Z',
    ],
    [
      'refuses the impossible in a pattern',
      '31/04/2024',
      { patterns: ['dd/MM/yyyy'] },
      '<date_impossible>',
    ],
    [
      'tries patterns in order',
      '2024/04/03',
      { patterns: ['dd/MM/yyyy', 'yyyy/MM/dd'] },
      '2024-04-03',
    ],
    [
      'takes a dot in a pattern literally',
      '03x04x2024',
      { patterns: ['dd.MM.yyyy'] },
      '<date_malformed>',
    ],
    ['does not guess the order', '03/04/2024', {}, '<date_order_unknown>'],
    ['reads the day first when set', '3/4/2024', { dayFirst: true }, '2024-04-03'],
    ['reads the month first when set', '3-4-2024', { dayFirst: false }, '2024-03-04'],
    [
      'refuses month 25 when the month is first',
      '12/25/2024',
      { dayFirst: true },
      '<date_impossible>',
    ],
    ['reads dots with the day first', '3.4.2024', { dayFirst: false }, '2024-04-03'],
    ['reads epoch seconds', 1_709_164_800, {}, '2024-02-29T00:00:00.000Z'],
    ['reads epoch milliseconds', 1_709_164_800_000, {}, '2024-02-29T00:00:00.000Z'],
    ['reads epoch text', '1709164800', {}, '2024-02-29T00:00:00.000Z'],
    ['refuses a small number', 42, {}, '<date_malformed>'],
    ['refuses NaN', NaN, {}, '<date_malformed>'],
    ['refuses the year 1600', '1600-01-01', {}, '<date_out_of_range>'],
    ['refuses the year 9999', '9999-12-31', {}, '<date_out_of_range>'],
    ['refuses a word', 'now', {}, '<date_malformed>'],
    ['refuses blanks', ' ', {}, '<empty>'],
    ['refuses a megabyte', '1'.repeat(1e6), {}, '<too_long>'],
    ['refuses null', null, {}, '<not_text>'],
  ]
  it.each(rows)('%s', (_, raw, options, expected) => {
    expect(shown(normaliseDate(raw, options))).toBe(expected)
  })

  it('refuses a pattern that names no whole date', () => {
    expect(() => normaliseDate('2024', { patterns: ['yyyy'] })).toThrow('"yyyy" lacks')
  })
})
