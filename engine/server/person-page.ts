/** A person's copy of their data as a page to read and print; needs no script and nothing from outside. */
import type { PersonReport } from '../contract/api/requests.ts'
import { escapeHtml } from './escape-html.ts'

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem}
table{border-collapse:collapse;width:100%;margin:.5rem 0 2rem}
th,td{border:1px solid #999;padding:.3rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}
th{background:#eee}@media print{h2{break-after:avoid}tr{break-inside:avoid}}`

type Cell = string | number | undefined

export function personPage(report: PersonReport): string {
  const { controller } = report
  const parts = [
    section(
      'Who you are known as',
      ['Kind', 'Value', 'First seen', 'Last seen'],
      report.identifiers.map(({ type, value, firstSeen, lastSeen }) => [
        type,
        value,
        firstSeen,
        lastSeen,
      ]),
    ),
    section(
      'What is known of you',
      ['Field', 'Value', 'From', 'Since', 'By', 'Received by'],
      report.fields.map((field) => [
        field.name,
        textOf(field.value),
        field.source,
        field.at,
        flowOf(field.flow, field.flowVersion),
        field.recipients.join(', '),
      ]),
    ),
    section(
      'Who received your data',
      ['Recipient', 'Fields', 'Purpose and legal basis', 'First', 'Last', 'By'],
      report.recipients.map((one) => [
        one.recipient,
        one.fields.join(', '),
        one.purposes.map(({ purpose, basis }) => `${purpose} (${basis})`).join(', '),
        one.firstAt,
        one.lastAt,
        flowOf(one.flow, one.flowVersion),
      ]),
    ),
    section(
      'Your choices',
      ['Purpose', 'Choice', 'How', 'When'],
      report.consents.map(({ purpose, state, kind, at }) => [purpose, state, kind, at]),
    ),
    section(
      'Groups you belong to',
      ['Group', 'Since', 'Why'],
      report.audiences.map(({ key, since, why }) => [key, since, why]),
    ),
    section(
      'What happened',
      ['When', 'What', 'From', 'Details'],
      report.events.map(({ time, name, source, properties }) => [
        time,
        name,
        source,
        textOf(properties),
      ]),
    ),
    section(
      'How long it is kept',
      ['What', 'Days'],
      report.retention.map(({ what, days }) => [what, days ?? 'until you ask for its erasure']),
    ),
  ]
  const who = [controller.name, controller.address, controller.contact].filter(Boolean).join(', ')
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Your data</title>
<style>${STYLE}</style></head><body><h1>Your data</h1>
<p>Made at ${escapeHtml(report.madeAt)}${who ? ` by ${escapeHtml(who)}` : ''}. You may ask for correction,
erasure, restriction, or a copy in another form, object to use, and complain to a supervisory authority.</p>
${parts.join('\n')}</body></html>`
}

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value ?? null)
const flowOf = (flow: string | undefined, version: number | undefined): string =>
  flow === undefined ? '' : version === undefined ? flow : `${flow}, version ${version}`

function section(title: string, heads: readonly string[], rows: readonly Cell[][]): string {
  const cells = (tag: 'th' | 'td', row: readonly Cell[]): string =>
    `<tr>${row.map((cell) => `<${tag}>${escapeHtml(String(cell ?? ''))}</${tag}>`).join('')}</tr>`
  const body =
    rows.length === 0
      ? '<p>Nothing.</p>'
      : `<table>${cells('th', heads)}${rows.map((row) => cells('td', row)).join('')}</table>`
  return `<h2>${escapeHtml(title)}</h2>${body}`
}
