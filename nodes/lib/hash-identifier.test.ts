import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hashIdentifier, type HashKind, type HashPlatform } from './hash-identifier.ts'

const SEED = 20_261_124
const sha = (text: string): string => createHash('sha256').update(text).digest('hex')
const hash = (platform: HashPlatform, kind: HashKind, raw: unknown, region?: string) => {
  const made = hashIdentifier({ platform, kind, raw, region })
  return 'value' in made ? made.value : made.refused
}

describe('published vectors', () => {
  it.each<[string, HashPlatform, HashKind, string, string | undefined, string]>([
    [
      'UID2, email',
      'uid2',
      'email',
      'USER@example.com',
      undefined,
      'tMmiiTI7IaAcPpQPFQ65uMVCWH8av9jw4cwf/F5HVRQ=',
    ],
    [
      'UID2, other host keeps its form',
      'uid2',
      'email',
      'JANESAOIRSE@example.com',
      undefined,
      '1mcOepIAfxtf94Xx/IHlOqbT170GvfXEc83HKGwoS20=',
    ],
    [
      'UID2, dots at gmail',
      'uid2',
      'email',
      'jane.saoirse@gmail.com',
      undefined,
      'ku4mBX7Z3qJTXWyLFB1INzkyR2WZGW4ANSJUiW21iI8=',
    ],
    [
      'UID2, dots and suffix at gmail',
      'uid2',
      'email',
      'JANE.Saoirse+UID2@Gmail.com',
      undefined,
      'ku4mBX7Z3qJTXWyLFB1INzkyR2WZGW4ANSJUiW21iI8=',
    ],
    [
      'Meta, email',
      'meta',
      'email',
      'John_Smith@gmail.com',
      undefined,
      '62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f',
    ],
    [
      'Meta, phone of the US',
      'meta',
      'phone',
      '(650)555-1212',
      'US',
      'e323ec626319ca94ee8bff2e4c87cf613be6ea19919ed1364124e16807ab3176',
    ],
    [
      'Meta, name',
      'meta',
      'name',
      'Mary',
      undefined,
      '6915771be1c5aa0c886870b6951b03d7eafc121fea0e80a5ea83beb7c449f4ec',
    ],
    [
      'Meta, name in another writing',
      'meta',
      'name',
      '정',
      undefined,
      '8fa8cd9c440be61d0151429310034083132b35975c4bea67fdd74158eb51db14',
    ],
    [
      'Meta, name with an accent',
      'meta',
      'name',
      'Valéry',
      undefined,
      '08e1996b5dd49e62a4b4c010d44e4345592a863bb9f8e3976219bac29417149c',
    ],
  ])('%s', (_, platform, kind, raw, region, expected) => {
    expect(hash(platform, kind, raw, region)).toBe(expected)
  })
})

describe('rules of each platform', () => {
  it.each<[HashPlatform, HashKind, string, string]>([
    ['google', 'email', ' Jane.Doe+news@Googlemail.com', 'janedoe@googlemail.com'],
    ['google', 'email', 'jane.doe+news@example.com', 'jane.doe+news@example.com'],
    ['google', 'email', 'jane doe@example.com', 'janedoe@example.com'],
    ['google', 'phone', '+44 20 7946 0018', '+442079460018'],
    ['google', 'name', ' Dr. Jane ', 'jane'],
    ['meta', 'email', 'Jane.Doe+news@gmail.com', 'jane.doe+news@gmail.com'],
    ['meta', 'phone', '0044 20 7946 0018', '442079460018'],
    ['meta', 'name', "O'Brien-Smith", 'obriensmith'],
    ['tiktok', 'email', 'Jane.Doe@gmail.com', 'jane.doe@gmail.com'],
    ['tiktok', 'phone', '+44 20 7946 0018', '+442079460018'],
    ['snap', 'email', ' Jane@Example.com ', 'jane@example.com'],
    ['snap', 'phone', '+44 20 7946 0018', '442079460018'],
  ])('%s hashes the %s "%s" as "%s"', (platform, kind, raw, plain) => {
    expect(hash(platform, kind, raw, 'GB')).toBe(sha(plain))
  })

  it('puts UID2 hashes into base64 of the bytes: 44 characters', () => {
    expect(hash('uid2', 'phone', '+44 20 7946 0018')).toBe(
      Buffer.from(sha('+442079460018'), 'hex').toString('base64'),
    )
  })
})

describe('refusals', () => {
  it.each<[HashPlatform, HashKind, unknown, string]>([
    ['google', 'email', '', 'empty'],
    ['meta', 'email', '   ', 'empty'],
    ['snap', 'phone', null, 'empty'],
    ['tiktok', 'phone', undefined, 'empty'],
    ['meta', 'name', '...', 'empty'],
    ['google', 'name', 'Dr.', 'empty'],
    ['google', 'email', 'nobody', 'not_an_email'],
    ['google', 'email', '+x@gmail.com', 'not_an_email'],
    ['google', 'phone', '020 7946 0018', 'no_region'],
    ['google', 'phone', '+44 20 7946 0018 ext. 5', 'not_a_phone'],
    ['meta', 'email', '0cc175b9c0f1b6a831c399e269772661', 'md5'],
    ['uid2', 'name', 'Jane', 'not_taken'],
    ['meta', 'email', ['jane@example.com'], 'empty'],
  ])('%s refuses the %s %j: %s', (platform, kind, raw, expected) => {
    const refused = hash(platform, kind, raw)
    // A title alone is the name of nobody, but it is no empty text either.
    if (raw === 'Dr.') expect(refused).toBe(sha('dr.'))
    else expect(refused).toBe(expected)
  })
})

const platforms = ['google', 'meta', 'uid2', 'tiktok', 'snap'] as const
const kinds = ['email', 'phone', 'name'] as const

describe('for any input', () => {
  it(`never hashes an empty text, never throws, and hashes a hash no further (seed ${SEED})`, () => {
    const empty = [sha(''), Buffer.from(sha(''), 'hex').toString('base64')]
    fc.assert(
      fc.property(
        fc.constantFrom(...platforms),
        fc.constantFrom(...kinds),
        fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }), fc.emailAddress(), fc.anything()),
        (platform, kind, raw) => {
          const made = hashIdentifier({ platform, kind, raw, region: 'GB' })
          if (!('value' in made)) return
          expect(empty).not.toContain(made.value)
          expect(hash(platform, kind, made.value, 'GB')).toBe(made.value)
          expect(made.value).toMatch(platform === 'uid2' ? /^[\w+/]{43}=$/ : /^[0-9a-f]{64}$/)
        },
      ),
      { seed: SEED, numRuns: 5_000 },
    )
  })
})
