/** The preference page: a signed link opens it, a form without script changes it. */
import { randomUUID } from 'node:crypto'
import type { Purpose } from '../../contract/api/workspace.ts'
import type { ConsentWrite } from '../../contract/services.ts'
import { decideConsent, type ConsentReason } from '../../privacy/decide-consent.ts'
import { resolvePolicy } from '../../privacy/resolve-policy.ts'
import { hasGpc } from '../../privacy/signals/read-gpc.ts'
import { normaliseCountry } from '../../identity/normalise-traits.ts'
import type { SomeHandlers } from '../call.ts'
import type { ServerContext } from '../context.ts'
import { closedPage, preferencePage, textOf, type PageLanguage } from '../preference-page.ts'

type Ids = 'preferencePage' | 'preferenceSave'

interface Standing {
  purpose: Purpose
  allowed: boolean
  reason: ConsentReason
}

export function preferenceRoutes(context: ServerContext): SomeHandlers<Ids> {
  const { consents, policies, settings, preferenceLinks, parts } = context

  const standingOf = async (profileId: string): Promise<Standing[]> => {
    const [policy, purposes, found] = await Promise.all([
      policies.read(),
      settings.readPurposes(),
      consents.standing([profileId]),
    ])
    const { consent = {}, country } = found.get(profileId) ?? {}
    const region = country === undefined ? undefined : normaliseCountry(country)
    const resolved = resolvePolicy(policy, region && 'value' in region ? region.value : undefined)
    const at = new Date().toISOString()
    return purposes.map((purpose) => {
      const asked = { purposes: [purpose.key], match: 'all' as const, at, policy: resolved }
      const { allowed, reasons } = decideConsent(consent, asked)
      return { purpose, allowed, reason: reasons[0]?.reason ?? 'unknown' }
    })
  }

  return {
    async preferencePage({ params, query, req, res }) {
      const language = query.lang ?? languageOf(req.headers['accept-language'])
      const profileId = preferenceLinks.read(params.token, Date.now())
      if (profileId === undefined) {
        res.status(410)
        return { html: closedPage(language) }
      }
      const [policy, standing] = await Promise.all([policies.read(), standingOf(profileId)])
      const rows = standing.map(({ purpose, allowed, reason }) => ({
        key: purpose.key,
        ...textOf(policy, purpose, language),
        allowed,
        reason,
      }))
      const signal = hasGpc(req.headersDistinct)
      return {
        html: preferencePage({ language, rows, policy, saved: query.saved === '1', signal }),
      }
    },

    async preferenceSave({ params, query, body, res, note }) {
      const language = query.lang ?? 'en'
      const profileId = preferenceLinks.read(params.token, Date.now())
      if (profileId === undefined) {
        res.status(410)
        note({ who: 'a person with a link', subject: 'preference page' })
        return { html: closedPage(language) }
      }
      const { version } = await policies.read()
      const standing = await standingOf(profileId)
      const changes = standing.flatMap((one) => changeOf(one, body))
      await consents.append(
        changes.map((change) => ({
          ...change,
          profileId,
          language,
          noticeVersion: `policy version ${version}`,
        })),
      )
      if (changes.length > 0) parts.propagations.start()
      note({
        who: 'a person with a link',
        subject: profileId,
        details: { changed: changes.map(({ purpose, state }) => `${purpose}: ${state}`) },
      })
      return { goTo: `/preferences/${params.token}?lang=${language}&saved=1` }
    },
  }
}

type Change = Omit<ConsentWrite, 'profileId'>

/** An entry where the form differs from what holds; a first no is kept too, as an answer given. */
function changeOf(
  { purpose: { key }, allowed, reason }: Standing,
  form: Record<string, string>,
): Change[] {
  const wanted = form['do'] === 'refuse' ? 'no' : form[`p_${key}`]
  if (wanted !== 'yes' && wanted !== 'no') return []
  const isAnswered = reason !== 'unknown' && reason !== 'expired'
  if ((wanted === 'yes') === allowed && (isAnswered || wanted === 'yes')) return []
  return [
    {
      key: `page:${randomUUID()}`,
      purpose: key,
      state: wanted === 'yes' ? 'granted' : allowed ? 'withdrawn' : 'denied',
      kind: 'explicit',
      at: new Date().toISOString(),
      source: 'Preference page',
      method: 'preference_page',
    },
  ]
}

const languageOf = (accepted: string | undefined): PageLanguage =>
  /^\s*zh\b/i.test(accepted ?? '') ? 'zh-CN' : 'en'
