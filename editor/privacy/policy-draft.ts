/** The policy as it is edited: each purpose with its rules by region and its texts by language. */
import {
  basisSchema,
  policyTextSchema,
  type Policy,
  type PolicyRule,
  type PolicyText,
} from '../../engine/contract/policy.ts'

export const BASES = basisSchema.options

export const LANGUAGES = policyTextSchema.shape.language.options

export const rulesOf = (policy: Policy, purpose: string): PolicyRule[] =>
  policy.rules.filter((rule) => rule.purpose === purpose)

/** The first rule stands for everywhere; a purpose without one needs consent. */
export const everywhere = (purpose: string): PolicyRule => ({
  purpose,
  region: '*',
  basis: 'consent',
  validDays: 0,
})

export function setRules(policy: Policy, purpose: string, rules: readonly PolicyRule[]): Policy {
  return {
    ...policy,
    rules: [...policy.rules.filter((rule) => rule.purpose !== purpose), ...rules],
  }
}

export const textFor = (
  policy: Policy,
  purpose: string,
  language: PolicyText['language'],
): PolicyText =>
  policy.texts.find((text) => text.purpose === purpose && text.language === language) ?? {
    purpose,
    language,
    title: '',
    text: '',
  }

/** A text without a title is taken out: people would be shown nothing. */
export function setText(policy: Policy, text: PolicyText): Policy {
  const others = policy.texts.filter(
    ({ purpose, language }) => purpose !== text.purpose || language !== text.language,
  )
  const isEmpty = text.title.trim() === '' && text.text.trim() === ''
  return { ...policy, texts: isEmpty ? others : [...others, text] }
}
