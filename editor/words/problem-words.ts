/** A problem in the language of the page: by its code and the values it names. */
import type { TFunction } from 'i18next'
import type { Problem } from '../../engine/contract/problem.ts'
import { currentLocale } from './words.ts'

export function problemText(problem: Problem, t: TFunction): { message: string; fix: string } {
  if (currentLocale() === 'en') return { message: problem.message, fix: problem.fix }
  const values = problem.values ?? {}
  return {
    message: t(`problem.${problem.code}.message`, values),
    fix: t(`problem.${problem.code}.fix`, values),
  }
}
