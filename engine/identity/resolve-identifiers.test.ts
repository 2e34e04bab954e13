import { describe, expect, it } from 'vitest'
import { resolveIdentifiers } from './resolve-identifiers.ts'
import {
  defaultIdentityRules,
  type Identifier,
  type IdentityRules,
  type OwnerProfile,
} from './types.ts'

const DAY = 86_400_000

/** `user_id:a email:b` as identifiers. */
const ids = (text: string): Identifier[] =>
  text
    .split(' ')
    .filter(Boolean)
    .map((one) => {
      const [type = '', value = ''] = one.split('=')
      return { type, value }
    })

const profile = (
  profileId: string,
  held: string,
  more: Partial<OwnerProfile> = {},
): OwnerProfile => ({
  profileId,
  createdAt: Number(profileId.slice(1)),
  merges: 0,
  identifiers: ids(held).map((one) => ({ ...one, at: 0 })),
  ...more,
})

const resolve = (
  event: string,
  profiles: OwnerProfile[] = [],
  rules: Partial<IdentityRules> = {},
  at = 0,
) => {
  const decision = resolveIdentifiers({
    identifiers: ids(event),
    profiles,
    at,
    rules: { ...defaultIdentityRules, ...rules },
  })
  const text = ({ type, value }: Identifier) => `${type}=${value}`
  const demoted = decision.demoted.map(({ identifier, reason }) => `${text(identifier)} ${reason}`)
  const into = decision.mergeInto ? [`into ${decision.mergeInto}`] : []
  return [
    decision.outcome,
    ...decision.profileIds,
    ...into,
    decision.keep.map(text).join(' '),
    ...demoted,
  ]
}

const many = (type: string, count: number): string =>
  Array.from({ length: count }, (_, index) => `${type}=v${index}`).join(' ')

describe('resolveIdentifiers', () => {
  const jane = profile('p1', 'user_id=abc123 email=jane')
  const rows: Array<[string, () => unknown, string[]]> = [
    [
      'creates when nobody owns an identifier',
      () => resolve('email=a anonymous_id=b'),
      ['create', 'email=a anonymous_id=b'],
    ],
    [
      'adds to the one owner',
      () => resolve('email=jane anonymous_id=b', [jane]),
      ['add', 'p1', 'email=jane anonymous_id=b'],
    ],
    [
      'merges two owners into the older',
      () => resolve('email=a phone=b', [profile('p9', 'email=a'), profile('p2', 'phone=b')]),
      ['merge', 'p2', 'p9', 'into p2', 'email=a phone=b'],
    ],
    [
      'makes a new profile for the stronger user_id beside a shared email',
      () => resolve('user_id=abc456 email=jane', [jane]),
      ['create', 'user_id=abc456', 'email=jane limit_reached'],
    ],
    [
      'keeps apart whom somebody took apart',
      () =>
        resolve('email=a phone=b', [
          profile('p1', 'email=a', { apart: ['p2'] }),
          profile('p2', 'phone=b'),
        ]),
      ['add', 'p1', 'email=a', 'phone=b kept_apart'],
    ],
    [
      'merges three owners',
      () =>
        resolve('email=a phone=b x=c', [
          profile('p3', 'email=a'),
          profile('p2', 'phone=b'),
          profile('p1', 'x=c'),
        ]),
      ['merge', 'p1', 'p2', 'p3', 'into p1', 'email=a phone=b x=c'],
    ],
    [
      'makes a new profile for abc456 and sets the e-mail aside (worked case)',
      () => resolve('user_id=abc456 email=jane', [jane]),
      ['create', 'user_id=abc456', 'email=jane limit_reached'],
    ],
    [
      'does not join two users by a shared device (PostHog)',
      () =>
        resolve('user_id=b anonymous_id=kiosk', [
          profile('p1', 'user_id=a anonymous_id=kiosk'),
          profile('p2', 'user_id=b'),
        ]),
      ['add', 'p2', 'user_id=b', 'anonymous_id=kiosk known_users'],
    ],
    [
      'does not join two users even if the limit would allow it',
      () =>
        resolve(
          'user_id=b anonymous_id=kiosk',
          [profile('p1', 'user_id=a anonymous_id=kiosk'), profile('p2', 'user_id=b')],
          { kinds: [{ type: 'user_id', limit: 9, priority: 1 }] },
        ),
      ['add', 'p2', 'user_id=b', 'anonymous_id=kiosk known_users'],
    ],
    [
      'joins them when protection is off and the limit allows it',
      () =>
        resolve(
          'user_id=b anonymous_id=kiosk',
          [profile('p1', 'user_id=a anonymous_id=kiosk'), profile('p2', 'user_id=b')],
          { protectKnownUsers: false, kinds: [{ type: 'user_id', limit: 9, priority: 1 }] },
        ),
      ['merge', 'p1', 'p2', 'into p1', 'user_id=b anonymous_id=kiosk'],
    ],
    [
      'keeps the unique namespace of a shared device apart (Adobe)',
      () =>
        resolve('loyalty_id=2 device_id=tablet', [profile('p1', 'loyalty_id=1 device_id=tablet')], {
          kinds: [{ type: 'loyalty_id', limit: 1, priority: 1 }],
        }),
      ['create', 'loyalty_id=2', 'device_id=tablet limit_reached'],
    ],
    [
      'joins an anonymous profile to a known user',
      () =>
        resolve('user_id=a anonymous_id=x', [
          profile('p1', 'anonymous_id=x'),
          profile('p2', 'user_id=a'),
        ]),
      ['merge', 'p1', 'p2', 'into p1', 'user_id=a anonymous_id=x'],
    ],
    [
      'sets the sixth value of a kind aside',
      () =>
        resolve('email=a anonymous_id=new', [profile('p1', `email=a ${many('anonymous_id', 5)}`)]),
      ['add', 'p1', 'email=a', 'anonymous_id=new limit_reached'],
    ],
    [
      'cuts an event with too many values itself',
      () => resolve(many('email', 7)),
      ['create', many('email', 5), 'email=v6 limit_reached', 'email=v5 limit_reached'],
    ],
    [
      'still resolves by values it holds when over a limit since lowered',
      () => resolve('email=v0', [profile('p1', many('email', 9))]),
      ['add', 'p1', 'email=v0'],
    ],
    [
      'ranks kinds by priority, then by name',
      () => resolve('zebra=1 apple=1 email=1 user_id=1'),
      ['create', 'user_id=1 email=1 apple=1 zebra=1'],
    ],
    [
      'sets blocked values aside',
      () => resolve('email=null anonymous_id=000-0 user_id=Anonymous phone=1'),
      [
        'create',
        'phone=1',
        'email=null blocked_value',
        'anonymous_id=000-0 blocked_value',
        'user_id=Anonymous blocked_value',
      ],
    ],
    [
      'blocks a value for one kind only',
      () =>
        resolve('email=info phone=info', [], {
          kinds: [{ type: 'email', limit: 5, priority: 2, blocked: ['INFO'] }],
        }),
      ['create', 'phone=info', 'email=info blocked_value'],
    ],
    [
      'blocks by a pattern for one kind only',
      () =>
        resolve('email=noreply1 phone=noreply1', [], {
          kinds: [{ type: 'email', limit: 5, priority: 2, blockedPatterns: ['^noreply'] }],
        }),
      ['create', 'phone=noreply1', 'email=noreply1 blocked_value'],
    ],
    [
      'belongs to nobody without a usable identifier',
      () => resolve('user_id=-1'),
      ['none', '', 'user_id=-1 blocked_value'],
    ],
    ['counts a repeated identifier once', () => resolve('email=a email=a'), ['create', 'email=a']],
    [
      'stops merging at the merge cap but still resolves',
      () =>
        resolve('email=a phone=b', [
          profile('p1', 'email=a', { merges: 100 }),
          profile('p2', 'phone=b'),
        ]),
      ['add', 'p1', 'email=a', 'phone=b merge_cap'],
    ],
    [
      'merges just below the merge cap',
      () =>
        resolve('email=a phone=b', [
          profile('p1', 'email=a', { merges: 99 }),
          profile('p2', 'phone=b'),
        ]),
      ['merge', 'p1', 'p2', 'into p1', 'email=a phone=b'],
    ],
    [
      'stops adding at the identifier cap but still resolves',
      () => resolve('email=v0 phone=new', [profile('p1', many('email', 1_000))]),
      ['add', 'p1', 'email=v0', 'phone=new identifier_cap'],
    ],
  ]
  it.each(rows)('%s', (_, run, expected) => {
    expect(run()).toEqual(expected)
  })

  const weekly = { kinds: [{ type: 'email', limit: 1, window: 'weekly' as const, priority: 2 }] }
  it('counts only the values of the window', () => {
    const held = [profile('p1', 'phone=p email=old')]
    const inside = ['create', 'email=new', 'phone=p limit_reached']
    expect(resolve('phone=p email=new', held, weekly, 7 * DAY - 1)).toEqual(inside)
    expect(resolve('phone=p email=new', held, weekly, 7 * DAY)).toEqual([
      'add',
      'p1',
      'email=new phone=p',
    ])
  })

  it('names a pattern that is not RE2', () => {
    expect(() => resolve('email=a', [], { blockedPatterns: ['(?=a)'] })).toThrow('"(?=a)"')
  })

  it('holds 10,000 profiles of one support address apart (merge storm)', () => {
    const support = profile('p0', 'user_id=0 email=support')
    for (let user = 1; user <= 10_000; user++) {
      const expected = ['create', `user_id=${user}`, 'email=support limit_reached']
      expect(resolve(`user_id=${user} email=support`, [support])).toEqual(expected)
    }
  })
})
