/** The page on which a person sees and changes their consent: plain HTML that works without script. */
import type { PolicyVersion } from '../contract/policy.ts'
import type { Purpose } from '../contract/api/workspace.ts'
import type { ConsentReason } from '../privacy/decide-consent.ts'
import { escapeHtml } from './escape-html.ts'

export type PageLanguage = 'en' | 'zh-CN'

export interface PreferenceRow {
  key: string
  title: string
  text: string
  allowed: boolean
  reason: ConsentReason
}

export interface PreferencePageInput {
  language: PageLanguage
  rows: readonly PreferenceRow[]
  policy: PolicyVersion
  saved: boolean
  /** The browser itself asks not to sell or share. */
  signal: boolean
}

const WORDS = {
  en: {
    title: 'Your privacy choices',
    text: 'Choose what your data may be used for. You can change this at any time; saying no is as easy as saying yes.',
    yes: 'Yes',
    no: 'No',
    save: 'Save choices',
    refuse: 'Say no to everything',
    saved: 'Your choices are saved and already hold.',
    signal:
      'Your browser asks us not to sell or share your data (Global Privacy Control). We saw it and honour it.',
    by: 'Responsible for your data:',
    notice: 'Version of this notice:',
    other: '中文',
    closedTitle: 'This link does not work any more',
    closedText: 'It is too old or was changed on its way. Use the link in a newer message from us.',
  },
  'zh-CN': {
    title: '您的隐私选择',
    text: '请选择您的数据可以用于什么。您可以随时更改；拒绝与同意一样简单。',
    yes: '同意',
    no: '不同意',
    save: '保存选择',
    refuse: '全部拒绝',
    saved: '您的选择已保存并已生效。',
    signal: '您的浏览器要求不出售或共享您的数据（全球隐私控制）。我们已收到并遵守。',
    by: '数据负责方：',
    notice: '本说明的版本：',
    other: 'English',
    closedTitle: '此链接已失效',
    closedText: '链接已过期或在传送中被更改。请使用我们较新消息中的链接。',
  },
} as const

const REASONS: Record<PageLanguage, Partial<Record<ConsentReason, string>>> = {
  en: {
    expired: 'Your yes has expired.',
    objected: 'You objected to this use.',
    restricted: 'The use of your data is stopped for now.',
    opted_out: 'You opted out, so this stays off.',
  },
  'zh-CN': {
    expired: '您的同意已过期。',
    objected: '您已反对此用途。',
    restricted: '目前已停止使用您的数据。',
    opted_out: '您已选择退出，因此保持关闭。',
  },
}

/** Title and text of each purpose in the language asked for, else in any there is. */
export function textOf(
  policy: PolicyVersion,
  { key, name, description }: Purpose,
  language: PageLanguage,
): { title: string; text: string } {
  const mine = policy.texts.filter(({ purpose }) => purpose === key)
  const found = mine.find((text) => text.language === language) ?? mine[0]
  return found ? { title: found.title, text: found.text } : { title: name, text: description }
}

export function preferencePage(input: PreferencePageInput): string {
  const { language, rows, policy, saved, signal } = input
  const words = WORDS[language]
  const other = language === 'en' ? 'zh-CN' : 'en'
  const { name, contact } = policy.controller
  return page(
    language,
    words.title,
    `<p class="other"><a href="?lang=${other}" hreflang="${other}" lang="${other}">${words.other}</a></p>
<h1>${words.title}</h1>
<p>${words.text}</p>
${saved ? `<p class="note good" role="status">${words.saved}</p>` : ''}
${signal ? `<p class="note" role="status">${words.signal}</p>` : ''}
<form method="post" action="?lang=${language}">
${rows.map((row) => fieldset(row, language)).join('\n')}
<p class="actions"><button type="submit" name="do" value="save">${words.save}</button>
<button type="submit" name="do" value="refuse" class="plain">${words.refuse}</button></p>
</form>
<footer>${name ? `<p>${words.by} ${escapeHtml(name)}${contact ? `, ${escapeHtml(contact)}` : ''}</p>` : ''}
<p>${words.notice} ${policy.version}</p></footer>`,
  )
}

export function closedPage(language: PageLanguage): string {
  const { closedTitle, closedText } = WORDS[language]
  return page(language, closedTitle, `<h1>${closedTitle}</h1><p>${closedText}</p>`)
}

function fieldset({ key, title, text, allowed, reason }: PreferenceRow, language: PageLanguage) {
  const words = WORDS[language]
  const why = REASONS[language][reason]
  const option = (value: 'yes' | 'no', checked: boolean): string =>
    `<label><input type="radio" name="p_${escapeHtml(key)}" value="${value}"${checked ? ' checked' : ''}> ${words[value]}</label>`
  return `<fieldset><legend>${escapeHtml(title)}</legend>
${text ? `<p>${escapeHtml(text)}</p>` : ''}
<p class="choice">${option('yes', allowed)} ${option('no', !allowed)}</p>
${why ? `<p class="why">${why}</p>` : ''}</fieldset>`
}

const page = (language: PageLanguage, title: string, body: string): string =>
  `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><title>${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow"><link rel="stylesheet" href="/preferences.css"></head>
<body><main>${body}</main></body></html>
`
