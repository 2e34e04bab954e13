/** Theme and language of the page. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { chooseLocale, currentLocale, type Locale } from '../words/words.ts'
import { chooseTheme, currentTheme, type Theme } from './theme.ts'

const THEMES: readonly Theme[] = ['system', 'light', 'dark']

export function ViewChoices({ onLocale }: { onLocale?: (locale: Locale) => void }) {
  const { t } = useTranslation()
  const [theme, setTheme] = useState(currentTheme)
  return (
    <div className="view-choices">
      <select
        aria-label={t('ui.theme')}
        value={theme}
        onChange={(event) => {
          const next = event.target.value as Theme
          chooseTheme(next)
          setTheme(next)
        }}
      >
        {THEMES.map((name) => (
          <option key={name} value={name}>
            {t(`ui.themes.${name}`)}
          </option>
        ))}
      </select>
      <select
        aria-label={t('ui.language')}
        value={currentLocale()}
        onChange={(event) => {
          const locale = event.target.value as Locale
          void chooseLocale(locale)
          onLocale?.(locale)
        }}
      >
        <option value="en">English</option>
        <option value="zh-CN">中文</option>
      </select>
    </div>
  )
}
