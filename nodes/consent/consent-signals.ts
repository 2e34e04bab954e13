/** Reads what live events say about consent, and writes it into the ledger. */
import { z } from 'zod'
import { fail, out, type Item } from '../../engine/contract/item.ts'
import { defineNode } from '../../engine/contract/node.ts'
import { readEventSignals, toConsentWrites } from '../../engine/privacy/read-event-signals.ts'
import { defaultSignalPolicy, type SignalPolicy } from '../../engine/privacy/signals/signal.ts'
import { consentSignalsWords } from '../words/consent-signals.ts'

const config = z.strictObject({})

export const consentSignals = defineNode({
  type: 'consent_signals',
  version: 1,
  role: 'consent',
  title: 'Read consent signals',
  summary:
    'Keeps what events say about consent: choices on the site, TCF and GPP strings, Google consent mode and the do-not-sell signal of browsers.',
  config,
  inPorts: [{ name: 'in', title: 'People', accepts: ['people'] }],
  effects: 'writes',
  uses: ['profiles', 'policy'],
  fails: { no_person: 'The record belongs to no known person.' },
  async run(page, _settings, ctx) {
    const purposes = await ctx.service('policy').purposes()
    const policy = { ...defaultSignalPolicy, purposes }
    const writes = page.flatMap((item) => writesOf(item, policy, ctx.now))
    if (writes.length > 0) await ctx.service('profiles').appendConsents(writes)
    return page.map((item) => (item.profileId === undefined ? fail('no_person') : out(item)))
  },
  examples: [
    {
      name: 'passes on an event that says nothing',
      config: {},
      input: [{ fields: { type: 'track', name: 'Order Completed' }, profileId: 'p1' }],
      expect: [{ out: { type: 'track', name: 'Order Completed' } }],
    },
    {
      name: 'parks a record of nobody',
      config: {},
      input: [{ fields: { type: 'track' } }],
      expect: [{ fail: 'no_person' }],
    },
  ],
  words: { 'zh-CN': consentSignalsWords },
})

const GPC_HEADERS = { 'sec-gpc': ['1'] }

function writesOf({ id, fields, profileId }: Item, policy: SignalPolicy, now: string) {
  if (profileId === undefined) return []
  const headers = fields['secGpc'] === true ? GPC_HEADERS : undefined
  const signals = readEventSignals(fields, headers, policy, now)
  return signals.length === 0 ? [] : toConsentWrites(signals, { profileId, messageId: id })
}
