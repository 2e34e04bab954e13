/** The docs page of a node type, made from its declaration: nothing in it is written twice. */
import { toCatalogEntry, type CatalogEntry } from '../contract/catalog.ts'
import type { Json } from '../contract/json.ts'
import type { NodeExample, NodeType } from '../contract/node.ts'

const EFFECTS: Readonly<Record<CatalogEntry['effects'], string>> = {
  none: 'It changes nothing but the records that pass.',
  reads: 'It reads stored profiles and changes none.',
  writes: 'It writes to this installation; a dry run writes nothing.',
  sends: 'Data leaves here; a dry run shows what would be sent and sends nothing.',
}

const SCOPES: Readonly<Record<CatalogEntry['scope'], string>> = {
  page: 'It works page by page, in parallel.',
  dataset: 'It waits for all its input before anything leaves.',
}

/** Markdown. The same declaration always gives the same page. */
export function nodePage(nodeType: NodeType): string {
  const entry = toCatalogEntry(nodeType)
  const parts = [
    `# ${entry.title}`,
    `_Made from \`${entry.type}\` (${entry.role}, version ${entry.version}) by \`npm run docs\`._`,
    entry.summary,
    `${SCOPES[entry.scope]} ${EFFECTS[entry.effects]}`,
    '## Settings',
    settingsTable(entry.form),
    '## Ways in and out',
    portList(entry),
    ...reasonParts('Why records end here', entry.drops),
    ...reasonParts('Why records are parked', entry.fails),
    ...exampleParts(nodeType.examples),
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

type Schema = Record<string, Json>

const isSchema = (value: Json | undefined): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '')

const plain = (value: Json): string =>
  typeof value === 'object' ? JSON.stringify(value) : String(value)

/** Within a table cell. */
const cell = (value: string): string => value.replace(/\|/g, '\\|').replace(/\s*\n\s*/g, ' ')

interface SettingRow {
  name: string
  about: string
  value: string
}

function settingsTable(form: Json): string {
  const rows = isSchema(form) ? settingRows(form, '') : []
  if (rows.length === 0) return 'There is nothing to set.'
  return [
    '| Setting | What it is | Values |',
    '| --- | --- | --- |',
    ...rows.map(({ name, about, value }) => `| ${cell(name)} | ${cell(about)} | ${cell(value)} |`),
  ].join('\n')
}

/** Widgets with a form of their own: what is inside is said in words. */
const OWN_FORM: Readonly<Record<string, string>> = {
  condition: 'conditions, in groups of all, any or none',
  columns: 'the columns of the file',
  file: 'an uploaded file',
  purposes: 'purposes of the workspace',
}

function settingRows(schema: Schema, prefix: string): SettingRow[] {
  const properties = isSchema(schema['properties']) ? schema['properties'] : {}
  const required = Array.isArray(schema['required']) ? schema['required'] : []
  return Object.entries(properties).flatMap(([key, inner]) => {
    if (!isSchema(inner) || 'const' in inner || inner['widget'] === 'hidden') return []
    const name = `${prefix}${text(inner['title']) || key}`
    const about = [text(inner['description']), shownWhen(inner, properties)]
    const must = required.includes(key) && inner['default'] === undefined ? 'Required. ' : ''
    const row = {
      name: `**${name}**`,
      about: about.filter(Boolean).join(' '),
      value: must + valueOf(inner),
    }
    return [row, ...innerRows(inner, `${name} › `)]
  })
}

function innerRows(schema: Schema, prefix: string): SettingRow[] {
  if (text(schema['widget']) in OWN_FORM) return []
  const items = isSchema(schema['items']) ? schema['items'] : undefined
  const variants = Array.isArray(schema['oneOf']) ? schema['oneOf'].filter(isSchema) : []
  const own = schema['type'] === 'object' ? [schema] : []
  return [...own, ...(items ? [items] : []), ...variants].flatMap((inner) =>
    settingRows(inner, prefix),
  )
}

function shownWhen({ showIf }: Schema, siblings: Schema): string {
  if (!isSchema(showIf)) return ''
  const conditions = Object.entries(showIf).map(([key, value]) => {
    const sibling = isSchema(siblings[key]) ? siblings[key] : {}
    return `“${text(sibling['title']) || key}” is ${labelOf(sibling, value)}`
  })
  return `Only when ${conditions.join(' and ')}.`
}

const labelOf = ({ labels }: Schema, value: Json): string =>
  `“${(isSchema(labels) && text(labels[plain(value)])) || plain(value)}”`

function valueOf(schema: Schema): string {
  const own = OWN_FORM[text(schema['widget'])]
  const fallback = schema['default']
  const isPlain = fallback !== undefined && typeof fallback !== 'object' && fallback !== ''
  const shown =
    typeof fallback === 'boolean' ? (fallback ? 'yes' : 'no') : labelOf(schema, fallback ?? null)
  const end = isPlain ? `; default ${shown}` : ''
  return `${own ?? kindOf(schema)}${end}`
}

function kindOf(schema: Schema): string {
  const choices = Array.isArray(schema['enum']) ? schema['enum'] : []
  if (choices.length > 0)
    return choices.map((value) => `${labelOf(schema, value)} (\`${plain(value)}\`)`).join(', ')
  if (Array.isArray(schema['oneOf']) && isSchema(schema['labels']))
    return Object.values(schema['labels'])
      .map((label) => `“${text(label)}”`)
      .join(', ')
  if (schema['type'] === 'boolean') return 'yes or no'
  if (schema['type'] === 'array') return 'a list'
  if (schema['type'] === 'number' || schema['type'] === 'integer') return numberOf(schema)
  if (schema['widget'] === 'field') return 'a field that arrives'
  if (schema['widget'] === 'connection') return 'a connection'
  if (schema['type'] === 'object') return ''
  const example = text(schema['placeholder'])
  return example === '' ? 'text' : `text, as in \`${example}\``
}

function numberOf({ minimum, maximum }: Schema): string {
  const isReal = (limit: Json | undefined): limit is number =>
    typeof limit === 'number' && Math.abs(limit) < Number.MAX_SAFE_INTEGER
  if (isReal(minimum) && isReal(maximum)) return `a number from ${minimum} to ${maximum}`
  if (isReal(minimum)) return `a number from ${minimum}`
  return isReal(maximum) ? `a number up to ${maximum}` : 'a number'
}

const KINDS = { records: 'records', people: 'people' } as const

function portList({ inPorts, outPorts, form }: CatalogEntry): string {
  const into = inPorts.map(({ title, accepts, required, many }) => {
    const kinds = accepts.map((kind) => KINDS[kind]).join(' or ')
    const notes = [required === false ? 'optional' : '', many ? 'several wires' : '']
    return `- In, **${title}**: takes ${[kinds, ...notes].filter(Boolean).join(', ')}`
  })
  const properties = isSchema(form) && isSchema(form['properties']) ? form['properties'] : {}
  const out =
    'from' in outPorts
      ? [
          `- Out: one way for each entry of “${text(isSchema(properties[outPorts.from]) ? (properties[outPorts.from] as Schema)['title'] : '') || outPorts.from}”`,
          ...outPorts.plus.map(({ title }) => `- Out, **${title}**`),
        ]
      : outPorts.map(({ title, when }) => {
          const note = when ? shownWhen({ showIf: { ...when } }, properties) : ''
          return `- Out, **${title}**${note === '' ? '' : `. ${note}`}`
        })
  return [...into, ...out].join('\n') || 'Nothing can be wired to it.'
}

function reasonParts(title: string, reasons: Readonly<Record<string, string>>): string[] {
  const rows = Object.entries(reasons).map(([code, reason]) => `| \`${code}\` | ${cell(reason)} |`)
  if (rows.length === 0) return []
  return [`## ${title}`, ['| Reason | Meaning |', '| --- | --- |', ...rows].join('\n')]
}

function exampleParts(examples: readonly NodeExample[]): string[] {
  const shown = examples.filter(({ expect }) => expect)
  if (shown.length === 0) return []
  return [
    '## Examples',
    'Each of them is run as a test.',
    ...shown.flatMap(({ name, config, input = [], expect = [] }) => [
      `### ${name.charAt(0).toUpperCase()}${name.slice(1)}`,
      `\`\`\`json\n${JSON.stringify(config, null, 2)}\n\`\`\``,
      [
        '| Comes | Becomes |',
        '| --- | --- |',
        ...input.map(
          ({ fields }, i) => `| ${code(fields)} | ${cell(fateOf(expect[i] ?? { drop: '' }))} |`,
        ),
      ].join('\n'),
    ]),
  ]
}

const code = (value: Json): string => `\`${cell(JSON.stringify(value))}\``

function fateOf(fate: NonNullable<NodeExample['expect']>[number]): string {
  if ('drop' in fate) return `ends here: \`${fate.drop}\``
  if ('fail' in fate) return `is parked: \`${fate.fail}\``
  const by = fate.port === undefined ? '' : ` by \`${fate.port}\``
  return `${code(fate.out)}${by}`
}
