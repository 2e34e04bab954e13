/** The language of the page. Texts of the editor are here; those of node types come with them. */
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { en } from './en.ts'
import { zhCn } from './zh-cn.ts'

export type Locale = 'en' | 'zh-CN'
const KEY = 'heddle.locale'

export async function startWords(): Promise<void> {
  await i18next.use(initReactI18next).init({
    resources: { en: { translation: en }, 'zh-CN': { translation: zhCn } },
    lng: storedLocale() ?? (navigator.language.startsWith('zh') ? 'zh-CN' : 'en'),
    fallbackLng: 'en',
    interpolation: { escapeValue: false },
  })
  document.documentElement.lang = currentLocale()
}

export const currentLocale = (): Locale => (i18next.language === 'zh-CN' ? 'zh-CN' : 'en')

export async function chooseLocale(locale: Locale): Promise<void> {
  localStorage.setItem(KEY, locale)
  document.documentElement.lang = locale
  await i18next.changeLanguage(locale)
}

export function storedLocale(): Locale | undefined {
  const stored = localStorage.getItem(KEY)
  return stored === 'en' || stored === 'zh-CN' ? stored : undefined
}
