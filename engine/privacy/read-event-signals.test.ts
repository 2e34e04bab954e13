import { describe, expect, it } from 'vitest'
import { readEventSignals, toConsentWrites } from './read-event-signals.ts'
import { hasGpc } from './signals/read-gpc.ts'
import { readGpp } from './signals/read-gpp.ts'
import { readTcf } from './signals/read-tcf.ts'
import { defaultSignalPolicy, MAX_STRING, type SignalPolicy } from './signals/signal.ts'

const NOW = '2026-11-01T00:00:00.000Z'
const policy: SignalPolicy = {
  ...defaultSignalPolicy,
  purposes: ['email_marketing', 'ads', 'analytics', 'personalisation', 'profiling', 'sharing'],
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const toBits = (value: number, width: number): string => value.toString(2).padStart(width, '0')
const toText = (bits: string): string =>
  (bits.match(/.{1,6}/g) ?? [])
    .map((six) => ALPHABET.charAt(Number.parseInt(six.padEnd(6, '0'), 2)))
    .join('')
const decis = (iso: string): string => toBits(Date.parse(iso) / 100, 36)
const letters = (text: string): string =>
  [...text].map((letter) => toBits(letter.charCodeAt(0) - 65, 6)).join('')

interface Given {
  version?: number
  created?: string
  updated?: string
  policyVersion?: number
  purposes?: number[]
  /** `[purpose, type]`: a restriction that holds for vendor 1. */
  restrictions?: Array<[number, number]>
  disclosed?: boolean
}

/** A string bit by bit, as the specification has it: shares nothing with the decoder. */
function tcfString(given: Given = {}): string {
  const created = given.created ?? '2026-10-01T00:00:00Z'
  const purposes = given.purposes ?? [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
  const restrictions = given.restrictions ?? []
  const core =
    toBits(given.version ?? 2, 6) +
    decis(created) +
    decis(given.updated ?? created) +
    toBits(10, 12) +
    toBits(1, 12) +
    toBits(1, 6) +
    letters('EN') +
    toBits(100, 12) +
    toBits(given.policyVersion ?? 5, 6) +
    '10' +
    toBits(0, 12) +
    Array.from({ length: 24 }, (_, i) => (purposes.includes(i + 1) ? '1' : '0')).join('') +
    toBits(0, 24) +
    '0' +
    letters('DE') +
    (toBits(0, 16) + '0').repeat(2) +
    toBits(restrictions.length, 12) +
    restrictions
      .map(
        ([purpose, type]) =>
          toBits(purpose, 6) + toBits(type, 2) + toBits(1, 12) + '0' + toBits(1, 16),
      )
      .join('')
  const disclosed =
    (given.disclosed ?? true) ? `.${toText(toBits(1, 3) + toBits(3, 16) + '0' + '111')}` : ''
  return toText(core) + disclosed
}

/** Purposes a core segment consents to, read straight from its bits. */
function purposesIn(text: string): number[] {
  const bits = [...(text.split('.')[0] ?? '')].map((c) => toBits(ALPHABET.indexOf(c), 6)).join('')
  return Array.from({ length: 24 }, (_, i) => i + 1).filter((n) => bits[152 + n - 1] === '1')
}

const statesOf = (signals: Array<{ purpose: string; state: string }>) =>
  Object.fromEntries(signals.map(({ purpose, state }) => [purpose, state]))
const tcf = (text: unknown) => statesOf(readTcf({ text, now: NOW, policy }))
const gpp = (text: unknown) => statesOf(readGpp({ text, now: NOW, policy }))

describe('Sec-GPC', () => {
  const rows: Array<[string, Parameters<typeof hasGpc>[0], boolean]> = [
    ['1', { 'sec-gpc': '1' }, true],
    ['1 in a list', { 'sec-gpc': ['1'] }, true],
    ['two headers, 0 then 1', { 'sec-gpc': ['0', '1'] }, true],
    ['two headers, 1 then 0', { 'sec-gpc': ['1', '0'] }, true],
    ['two headers of 1', { 'sec-gpc': ['1', '1'] }, true],
    ['a capitalised name', { 'Sec-GPC': '1' }, true],
    ['an upper-case name', { 'SEC-GPC': ['1'] }, true],
    ['no header', {}, false],
    ['no headers at all', undefined, false],
    ['an undefined value', { 'sec-gpc': undefined }, false],
    ['0', { 'sec-gpc': '0' }, false],
    ['true', { 'sec-gpc': 'true' }, false],
    ['a quoted 1', { 'sec-gpc': '"1"' }, false],
    ['a blank before', { 'sec-gpc': ' 1' }, false],
    ['1,1 in one header', { 'sec-gpc': '1,1' }, false],
    ['01', { 'sec-gpc': '01' }, false],
    ['a full-width digit', { 'sec-gpc': '１' }, false],
    ['nothing', { 'sec-gpc': '' }, false],
    ['1; with parameters', { 'sec-gpc': '1; a=b' }, false],
    ['a name that only begins so', { 'sec-gpc-x': '1' }, false],
  ]
  it.each(rows)('reads %s', (_, headers, expected) => {
    expect(hasGpc(headers)).toBe(expected)
  })

  it('refuses ads and sharing only: it withdraws no other consent', () => {
    const signals = readEventSignals({}, { 'sec-gpc': '1' }, policy, NOW)
    expect(signals.map(({ purpose, state, kind }) => [purpose, state, kind])).toEqual([
      ['ads', 'denied', 'gpc'],
      ['sharing', 'denied', 'gpc'],
    ])
  })
})

describe('TCF strings', () => {
  it('grants what all needed purposes consent to, and refuses the rest', () => {
    expect(tcf(tcfString())).toEqual({
      ads: 'granted',
      analytics: 'granted',
      personalisation: 'granted',
      profiling: 'granted',
    })
    expect(tcf(tcfString({ purposes: [1, 9] }))).toEqual({
      ads: 'denied',
      analytics: 'granted',
      personalisation: 'denied',
      profiling: 'denied',
    })
  })

  it('refuses a purpose the publisher forbids', () => {
    expect(tcf(tcfString({ restrictions: [[3, 0]] }))).toMatchObject({ ads: 'denied' })
    expect(tcf(tcfString({ restrictions: [[3, 1]] }))).toMatchObject({ ads: 'granted' })
  })

  it('tells when the person decided', () => {
    const text = tcfString({ updated: '2026-10-03T00:00:00Z' })
    expect(readTcf({ text, now: NOW, policy })[0]?.at).toBe('2026-10-03T00:00:00.000Z')
  })

  const silent: Array<[string, unknown]> = [
    ['nothing', ''],
    ['a dot', '.'],
    ['two dots', '..'],
    ['C', 'C'],
    ['a version 1 string', 'BObdrPUOevsguAfDqFENCNAAAAAmeAAA'],
    ['a first segment of version 1', tcfString({ version: 1 })],
    ['version 3', tcfString({ version: 3 })],
    [
      'policy version 2, made in 2024',
      tcfString({ created: '2024-01-01T00:00:00Z', policyVersion: 2 }),
    ],
    ['policy version 4, made after February 2026', tcfString({ policyVersion: 4 })],
    ['no disclosed vendors, made after February 2026', tcfString({ disclosed: false })],
    ['created in 2027', tcfString({ created: '2027-01-01T00:00:00Z' })],
    ['older than 13 months', tcfString({ created: '2025-09-01T00:00:00Z', policyVersion: 4 })],
    ['updated before it was created', tcfString({ updated: '2026-09-01T00:00:00Z' })],
    ['two core segments', `${tcfString({ disclosed: false })}.${tcfString({ disclosed: false })}`],
    ['swapped segments', tcfString().split('.').reverse().join('.')],
    ['the same segment twice', `${tcfString()}.${tcfString().split('.')[1]}`],
    ['a cut core', tcfString().slice(0, 30)],
    ['padding', `${tcfString()}==`],
    ['__proto__', '__proto__'],
    ['constructor', 'constructor'],
    ['too long', `C${'A'.repeat(MAX_STRING)}`],
    ['200 KB', 'A_'.repeat(100_000)],
    ['a number', 1],
    ['null', null],
    ['an object', {}],
    [
      "the specification's example: its policy version is too old",
      'COtybn4PA_zT4KjACBENAPCIAEBAAECAAIAAAAAAAAAA.IBAgAAAgAIAwgAgAAAAEAAAACA',
    ],
  ]
  it.each(silent)('says nothing: %s', (_, text) => {
    expect(tcf(text)).toEqual({})
  })

  it("decodes the specification's example by its syntax when read in its own time", () => {
    const text = 'COtybn4PA_zT4KjACBENAPCIAEBAAECAAIAAAAAAAAAA.IBAgAAAgAIAwgAgAAAAEAAAACA'
    const now = '2021-12-01T00:00:00Z'
    const mine = { ...policy, tcf: { ads: [2, 10], analytics: [1] } }
    expect(statesOf(readTcf({ text, now, policy: mine }))).toEqual({
      ads: 'granted',
      analytics: 'denied',
    })
  })
})

/** The header of a GPP string whose one section is Canada's. */
const CANADA = 'DBABDA'
const DISCLOSED_GPP = `DBABMA~${tcfString()}`

describe('GPP strings', () => {
  const rows: Array<[string, unknown, object]> = [
    ['grants by the section of Europe', DISCLOSED_GPP, { ads: 'granted' }],
    [
      'takes a US state opt-out for a refusal',
      'DBABLA~BVQVAAAAAAA.QA',
      { ads: 'denied', sharing: 'denied' },
    ],
    ['takes the US privacy string for one', 'DBABTA~1YYN', { ads: 'denied', sharing: 'denied' }],
  ]
  it.each(rows)('%s', (_, text, expected) => {
    expect(gpp(text)).toMatchObject(expected)
  })

  it.each<[string, unknown]>([
    ['nothing', ''],
    ['no sections', 'DBAA'],
    ['a section that cannot be read', 'DBABLA~!!!!'],
    ['a blank section', 'DBABLA~'],
    ['a section too many', 'DBABLA~BVQqAAAAAAA.QA~1YNN'],
    ['two sections announced, one there', 'DBACNYA~1YYN'],
    ['no opt-out', 'DBABLA~BVQqAAAAAAA.QA'],
    ['not a GPP string', 'hello'],
    ['__proto__', '__proto__'],
    ['too long', `DBABLA~${'A'.repeat(MAX_STRING)}`],
    ['an array', ['DBABTA~1YYN']],
  ])('says nothing: %s', (_, text) => {
    expect(gpp(text)).toEqual({})
  })

  it("grants by Canada's express consent, never by an implied one", async () => {
    const { GppModel } = await import('@iabgpp/cmpapi')
    const canada = (express: number[]) => {
      const model = new GppModel()
      const at = (n: number) => Array.from({ length: 24 }, (_, i) => i < n)
      model.setFieldValue('tcfcav1', 'CmpId', 1)
      model.setFieldValue('tcfcav1', 'PurposesImpliedConsent', at(24))
      model.setFieldValue(
        'tcfcav1',
        'PurposesExpressConsent',
        Array.from({ length: 24 }, (_, i) => express.includes(i + 1)),
      )
      return String(model.encode())
    }
    const read = (text: string) =>
      statesOf(readGpp({ text, now: new Date(Date.now() + 86_400_000).toISOString(), policy }))
    expect(read(canada([1, 2, 3, 4, 9]))).toMatchObject({ ads: 'granted', analytics: 'granted' })
    expect(read(canada([1, 9]))).toMatchObject({ ads: 'denied', analytics: 'granted' })
  })

  it('never grants by a US section', () => {
    expect(Object.values(gpp('DBABTA~1YNN'))).not.toContain('granted')
  })
})

describe('consent objects of events', () => {
  const read = (context: unknown, more: Partial<SignalPolicy> = {}) =>
    statesOf(readEventSignals({ context }, undefined, { ...policy, ...more }, NOW))
  const segment = (categoryPreferences: unknown) => ({ consent: { categoryPreferences } })
  const mapped = { categories: { ads: ['Advertising', 'Functional'] } }
  const rows: Array<[string, unknown, Partial<SignalPolicy>, object]> = [
    [
      'grants a category named as a purpose',
      segment({ ads: true, analytics: false }),
      {},
      { ads: 'granted', analytics: 'denied' },
    ],
    [
      'needs every category of a purpose',
      segment({ Advertising: true, Functional: false }),
      mapped,
      { ads: 'denied' },
    ],
    [
      'refuses a category that is missing',
      segment({ Advertising: true }),
      mapped,
      { ads: 'denied' },
    ],
    [
      'grants when all are allowed',
      segment({ Advertising: true, Functional: true }),
      mapped,
      { ads: 'granted' },
    ],
    ['refuses all when preferences are empty', segment({}), mapped, { ads: 'denied' }],
    ['refuses all when the object is empty', { consent: {} }, mapped, { ads: 'denied' }],
    [
      'takes "true" for no',
      segment({ Advertising: 'true', Functional: true }),
      mapped,
      { ads: 'denied' },
    ],
    ['says nothing without a consent object', {}, mapped, {}],
    ['says nothing of null', { consent: null }, mapped, {}],
    ['says nothing of an array', { consent: [] }, mapped, {}],
    ['says nothing of preferences as text', segment('ads'), mapped, {}],
    ['says nothing of an unknown purpose', segment({ world_domination: true }), {}, {}],
    [
      'reads denied ids',
      { consentManagement: { deniedConsentIds: ['ads'] } },
      {},
      { ads: 'denied' },
    ],
    [
      'reads allowed ids',
      { consentManagement: { allowedConsentIds: ['ads'] } },
      {},
      { ads: 'granted' },
    ],
    [
      'denies an id in both lists',
      { consentManagement: { allowedConsentIds: ['ads'], deniedConsentIds: ['ads'] } },
      {},
      { ads: 'denied' },
    ],
    [
      'denies by one id with "and"',
      {
        consentManagement: {
          allowedConsentIds: ['Advertising'],
          deniedConsentIds: ['Functional'],
          resolutionStrategy: 'and',
        },
      },
      mapped,
      { ads: 'denied' },
    ],
    [
      'allows by one id with "or"',
      {
        consentManagement: {
          allowedConsentIds: ['Advertising'],
          deniedConsentIds: ['Functional'],
          resolutionStrategy: 'or',
        },
      },
      mapped,
      { ads: 'granted' },
    ],
    [
      'says nothing of ids given as text',
      { consentManagement: { allowedConsentIds: 'ads' } },
      {},
      {},
    ],
    [
      'grants by all keys of consent mode',
      {
        consentMode: {
          ad_storage: 'granted',
          ad_user_data: 'granted',
          ad_personalization: 'GRANTED',
          analytics_storage: 'denied',
        },
      },
      {},
      { ads: 'granted', analytics: 'denied' },
    ],
    [
      'takes a missing key of consent mode for no',
      { consentMode: { ad_storage: 'granted', ad_user_data: 'granted' } },
      {},
      { ads: 'denied', analytics: 'denied' },
    ],
    [
      'reads a TCF string beside the preferences',
      { consent: { tcString: tcfString() } },
      {},
      { ads: 'granted' },
    ],
    [
      'reads GPC told by the page',
      { globalPrivacyControl: true },
      {},
      { ads: 'denied', sharing: 'denied' },
    ],
    ['does not take "true" for GPC', { globalPrivacyControl: 'true' }, {}, {}],
  ]
  it.each(rows)('%s', (_, context, more, expected) => {
    const found = read(context, more)
    if (Object.keys(expected).length === 0) expect(found).toEqual({})
    else expect(found).toMatchObject(expected)
  })

  it.each([undefined, null, 1, 'event', [], { context: null }, { context: [] }])(
    'reads nothing from %j',
    (event) => expect(readEventSignals(event, undefined, policy, NOW)).toEqual([]),
  )

  it('survives an object that throws, and still heeds the header', () => {
    const event = {
      get context(): unknown {
        throw new Error('no')
      },
    }
    expect(readEventSignals(event, { 'sec-gpc': '1' }, policy, NOW)).toHaveLength(2)
  })

  it('never dates a choice in the future, and keys entries by the event', () => {
    const event = { timestamp: '2030-01-01T00:00:00Z', context: segment({ ads: true }) }
    const signals = readEventSignals(event, undefined, policy, NOW)
    expect(toConsentWrites(signals, { profileId: 'p', messageId: 'm' })).toMatchObject([
      { key: 'signal:m:segment:ads', profileId: 'p', at: NOW, kind: 'explicit', method: 'event' },
    ])
  })
})

describe('mutated strings', () => {
  const seed = 20_261_124
  let state = seed
  const random = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  const mutate = (text: string): string => {
    let made = text
    for (let n = random(4) + 1; n > 0; n--) {
      const at = random(made.length + 1)
      const letter = [...`${ALPHABET}.~!%=\0é`][random(71)] ?? ''
      const kind = random(5)
      if (kind === 0) made = made.slice(0, at) + letter + made.slice(at + 1)
      else if (kind === 1) made = made.slice(0, at) + made.slice(at + 1)
      else if (kind === 2) made = made.slice(0, at) + letter + made.slice(at)
      else if (kind === 3) made = made.slice(0, at)
      else made = made + made.slice(at)
    }
    return made
  }

  it(`never throws, and grants only what the bits say (seed ${seed})`, () => {
    const sources = [
      tcfString(),
      tcfString({ purposes: [] }),
      tcfString({ purposes: [9], restrictions: [[3, 0]] }),
      DISCLOSED_GPP,
      'DBABLA~BVQVAAAAAAA.QA',
      'DBACNYA~CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA~1YNN',
    ]
    for (let round = 0; round < 10_000; round++) {
      const text = mutate(sources[round % sources.length] ?? '')
      for (const signal of [
        ...readTcf({ text, now: NOW, policy }),
        ...readGpp({ text, now: NOW, policy }),
      ]) {
        if (signal.state !== 'granted') continue
        const core = text.startsWith('D')
          ? (text.split('~').find((part) => part.startsWith('C')) ?? '')
          : text
        const needed = policy.tcf[signal.purpose] ?? []
        expect(purposesIn(core), text).toEqual(expect.arrayContaining([...needed]))
      }
    }
  })

  it('takes at most 10 ms for the longest string, whatever it holds', () => {
    const fillings = ['A', '_', 'P', 'C', 'AA.', 'IBAg']
    const texts = fillings.flatMap((filling) => [
      `C${filling.repeat(MAX_STRING)}`.slice(0, MAX_STRING),
      `${tcfString().split('.')[0]}${filling.repeat(MAX_STRING)}`.slice(0, MAX_STRING),
      `DBABMA~C${filling.repeat(MAX_STRING)}`.slice(0, MAX_STRING),
      `DBABLA~B${filling.repeat(MAX_STRING)}`.slice(0, MAX_STRING),
      `${CANADA}~B${filling.repeat(MAX_STRING)}`.slice(0, MAX_STRING),
    ])
    const took = texts.map((text) => {
      const times = [1, 2, 3].map(() => {
        const start = performance.now()
        readEventSignals({ context: { tcf: text, gpp: text } }, undefined, policy, NOW)
        return performance.now() - start
      })
      return Math.min(...times)
    })
    expect(Math.max(...took)).toBeLessThan(10)
  })
})
