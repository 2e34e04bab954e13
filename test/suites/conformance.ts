/**
 * What every node type must hold; engineers run it on theirs with this one import:
 * `conformance(myStep)`, or `await conformanceOfFolder('./nodes')`.
 */
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { toCatalogEntry } from '../../engine/contract/catalog.ts'
import { imbalance } from '../../engine/contract/counts.ts'
import type { Item, Verdict } from '../../engine/contract/item.ts'
import type { Json } from '../../engine/contract/json.ts'
import {
  listOutPorts,
  type DatasetOutput,
  type NodeContext,
  type NodeExample,
  type NodeType,
} from '../../engine/contract/node.ts'
import type { Services } from '../../engine/contract/services.ts'
import { createTools } from '../../engine/run/node-context.ts'
import { loadRegistry } from '../../engine/run/registry.ts'
import { sortVerdicts } from '../../engine/run/run-node.ts'

const NOW = '2026-01-15T00:00:00.000Z'

export interface ConformanceOptions {
  /** Real services; without them, examples of steps that need some are left to another suite. */
  services?: () => Services
}

/** Registers the tests of one or several node types. */
export function conformance(
  nodeTypes: NodeType | readonly NodeType[],
  options: ConformanceOptions = {},
): void {
  const list = 'type' in nodeTypes ? [nodeTypes] : nodeTypes
  describe.each(list.map((nodeType) => [nodeType.type, nodeType] as const))(
    'node type %s',
    (_type, nodeType) => {
      describeDeclaration(nodeType)
      describeSettings(nodeType)
      describeExamples(nodeType, options)
    },
  )
}

/** The same for all node types of a folder; a file that cannot be used is a failed test. */
export async function conformanceOfFolder(
  folder: string,
  options: ConformanceOptions = {},
): Promise<void> {
  const { types, broken } = await loadRegistry([], { folders: [folder], packages: [] })
  it('holds no node file that cannot be used', () => expect(broken).toEqual([]))
  conformance([...types.values()], options)
}

function describeDeclaration(nodeType: NodeType): void {
  it('has a title, and a summary of one sentence', () => {
    expect(nodeType.title.trim()).not.toBe('')
    expect(nodeType.summary).toMatch(/^[^.!?]+[.]$/)
  })
  it('describes every reason with a sentence', () => {
    const reasons = { ...nodeType.drops, ...nodeType.fails }
    for (const [code, text] of Object.entries(reasons)) {
      expect(code).toMatch(/^[a-z][a-z0-9_]*$/)
      expect(text).toMatch(/^[A-Z].*\.$/)
    }
  })
}

function describeSettings(nodeType: NodeType): void {
  it('has a form that is plain JSON', () => {
    const { form } = toCatalogEntry(nodeType)
    expect(JSON.parse(JSON.stringify(form))).toEqual(form)
    expect(form).toMatchObject({ type: 'object' })
  })
  it('has a title for every setting', () => {
    expect(settingsOf(nodeType).filter(({ title }) => title === '')).toEqual([])
  })
  it('has a label for every choice', () => {
    expect(settingsOf(nodeType).flatMap(({ unlabelled }) => unlabelled)).toEqual([])
  })
  it('refuses settings it does not know', () => {
    expect(() => nodeType.parse({ surely_not_a_setting: 1 })).toThrow(z.ZodError)
  })
  it('keeps its settings when they are saved and read again', () => {
    for (const { config } of nodeType.examples) {
      const first = nodeType.parse(config).config
      const saved = JSON.parse(JSON.stringify(first)) as Record<string, Json>
      expect(nodeType.parse(saved).config).toEqual(first)
    }
  })
  it('tells what leaves by each way out', () => {
    for (const { config } of nodeType.examples) {
      const parsed = nodeType.parse(config)
      const inputs = Object.fromEntries(
        nodeType.inPorts.map(({ name, accepts }) => [
          name,
          { kind: accepts[0] ?? ('records' as const), fields: [] },
        ]),
      )
      const ports = listOutPorts(nodeType.outPorts, parsed.config).map(({ name }) => name)
      expect(Object.keys(parsed.output(inputs)).sort()).toEqual(ports.sort())
    }
  })
}

function describeExamples(nodeType: NodeType, { services }: ConformanceOptions): void {
  for (const example of nodeType.examples.filter(({ expect: expected }) => expected)) {
    const { uses } = nodeType.parse(example.config)
    if (uses.length > 0 && !services) continue
    it(`example: ${example.name}, twice with the same outcome`, async () => {
      const given = uses.length > 0 ? services?.() : undefined
      const first = await runExample(nodeType, example, given)
      expect(first).toEqual(example.expect)
      expect(await runExample(nodeType, example, given)).toEqual(first)
    })
  }
  if (nodeType.effects === 'sends')
    it('sends nothing in a preview', async () => {
      for (const example of nodeType.examples) {
        const page = pageOf(example)
        const ctx = exampleContext(nodeType, example, { mode: 'preview' })
        const texts = (await nodeType.parse(example.config).render?.(page, ctx)) ?? []
        expect(texts).toHaveLength(page.length)
      }
    })
}

/** Texts in Chinese for all that a marketer sees: due for the built-in types, free for others. */
export function chineseWords(nodeTypes: readonly NodeType[]): void {
  it.each(nodeTypes.map((nodeType) => [nodeType.type, nodeType] as const))(
    '%s is complete in Chinese',
    (_type, nodeType) => {
      const words = nodeType.words['zh-CN'] ?? expect.fail('no Chinese texts')
      expect(words.title).not.toBe('')
      expect(words.summary).toMatch(/^[^。]+。$/)
      const settings = settingsOf(nodeType)
      const ports = [
        ...nodeType.inPorts,
        ...('from' in nodeType.outPorts ? nodeType.outPorts.plus : nodeType.outPorts),
      ].map(({ name }) => name)
      const missing = [
        ...settings.filter(({ path }) => !words.fields?.[path]?.title).map(({ path }) => path),
        ...settings
          .filter(({ path, description }) => description && !words.fields?.[path]?.description)
          .map(({ path }) => `${path} (description)`),
        ...settings.flatMap(({ choices }) => choices).filter((key) => !words.choices?.[key]),
        ...ports.filter((port) => !words.ports?.[port]),
        ...[...Object.keys(nodeType.drops), ...Object.keys(nodeType.fails)].filter(
          (reason) => !words.reasons?.[reason],
        ),
      ]
      expect(missing).toEqual([])
    },
  )
}

interface Setting {
  path: string
  title: string
  description: boolean
  /** `path=value` of each choice with a label. */
  choices: string[]
  unlabelled: string[]
}

type Schema = { [key: string]: Json }

const isObject = (value: Json | undefined): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Widgets that show the inner settings in a way of their own. */
const OWN_FORM: ReadonlySet<Json | undefined> = new Set(['columns', 'condition', 'file', 'hidden'])

/** The settings of a form, list positions left out; what a `const` tells apart is no setting. */
function settingsOf(nodeType: NodeType): Setting[] {
  const { form } = toCatalogEntry(nodeType)
  return isObject(form) ? innerSettings(form, '', form) : []
}

function innerSettings(schema: Schema, path: string, root: Schema): Setting[] {
  const target = resolve(schema, root)
  if (OWN_FORM.has(schema['widget'] ?? target['widget'])) return []
  const properties = isObject(target['properties']) ? Object.entries(target['properties']) : []
  const variants = Array.isArray(target['oneOf']) ? target['oneOf'] : []
  const items = isObject(target['items']) ? [target['items']] : []
  return [
    ...properties.flatMap(([key, value]) => {
      if (!isObject(value) || 'const' in value) return []
      const at = path === '' ? key : `${path}.${key}`
      return [describeSetting(value, at, root), ...innerSettings(value, at, root)]
    }),
    ...[...variants, ...items].flatMap((part) =>
      isObject(part) ? innerSettings(part, path, root) : [],
    ),
  ]
}

function resolve(schema: Schema, root: Schema): Schema {
  const ref = schema['$ref']
  const defs = root['$defs']
  if (typeof ref !== 'string' || !isObject(defs)) return schema
  const found = defs[ref.replace('#/$defs/', '')]
  return isObject(found) ? found : schema
}

function describeSetting(schema: Schema, path: string, root: Schema): Setting {
  const target = { ...resolve(schema, root), ...schema }
  const labels = isObject(target['labels']) ? Object.keys(target['labels']) : []
  const values = Array.isArray(target['enum']) ? target['enum'].map(String) : []
  return {
    path,
    title: typeof target['title'] === 'string' ? target['title'] : '',
    description: typeof target['description'] === 'string',
    choices: labels.map((value) => `${path}=${value}`),
    unlabelled: values
      .filter((value) => !labels.includes(value))
      .map((value) => `${path}=${value}`),
  }
}

const pageOf = (example: NodeExample): Item[] =>
  (example.input ?? []).map((input, i) => ({
    id: `example:${i}`,
    source: 'Example',
    fields: structuredClone(input.fields),
    ...(input.profileId === undefined ? {} : { profileId: input.profileId }),
  }))

type Fate = NonNullable<NodeExample['expect']>[number] | { retry: string }

async function runExample(
  nodeType: NodeType,
  example: NodeExample,
  services: Services | undefined,
): Promise<Fate[]> {
  const page = pageOf(example)
  const before = structuredClone(page)
  const ctx = exampleContext(nodeType, example, { mode: 'run', services })
  const verdicts =
    nodeType.scope === 'dataset'
      ? await runWhole(nodeType, example, { page, ctx })
      : ((await nodeType.parse(example.config).run?.(page, ctx)) ?? [])
  expect(page, 'a step changes copies, never the items it was given').toEqual(before)
  expect(verdicts, 'one verdict for each item').toHaveLength(page.length)
  expect(imbalance(sortVerdicts(page, verdicts, 'example').counts)).toBe(0)
  checkCodes(nodeType, nodeType.parse(example.config).config, verdicts)
  checkDetails(page, verdicts)
  return verdicts.map(toFate)
}

/**
 * A dataset step gives items and counts, not verdicts: items that left stand first in the place they
 * came from, dropped ones fill the places that are left.
 */
async function runWhole(
  nodeType: NodeType,
  example: NodeExample,
  { page, ctx }: { page: Item[]; ctx: NodeContext },
): Promise<Verdict[]> {
  const input = { pages: (port: string) => pagesOf(port === 'in' ? page : []) }
  const outputs: DatasetOutput[] = []
  for await (const output of nodeType.parse(example.config).runDataset?.(input, ctx) ?? [])
    outputs.push(output)
  const places = new Map(page.map(({ id }, i) => [id, i]))
  const verdicts: Array<Verdict | undefined> = page.map(() => undefined)
  const put = (item: Item, verdict: Verdict) => {
    const place = places.get(item.id) ?? verdicts.indexOf(undefined)
    expect(place, 'no more items leave than came').toBeGreaterThanOrEqual(0)
    verdicts[place] = verdict
  }
  for (const output of outputs) {
    if (output.kind === 'drop') continue
    for (const item of output.items)
      if (output.kind === 'out') put(item, { kind: 'out', item, port: output.port ?? 'out' })
      else put(item, { kind: 'fail', code: output.code })
  }
  const dropped = outputs.flatMap((output) =>
    output.kind === 'drop' ? Array.from({ length: output.count }, () => output.reason) : [],
  )
  expect(verdicts.filter((verdict) => !verdict)).toHaveLength(dropped.length)
  return verdicts.map((verdict) => verdict ?? { kind: 'drop', reason: dropped.shift() ?? '' })
}

async function* pagesOf(page: Item[]): AsyncIterable<Item[]> {
  yield page
}

function exampleContext(
  nodeType: NodeType,
  { config }: NodeExample,
  { mode, services }: { mode: NodeContext['mode']; services?: Services | undefined },
): NodeContext {
  const { type, version } = nodeType
  const node = { id: 'example', type, version, name: '', config, position: { x: 0, y: 0 } }
  const graph = { schemaVersion: 1 as const, nodes: [node], wires: [], settings: {} }
  const tools = createTools({
    scope: { runId: 'example', flowId: 'example', flowVersion: 1, graph, now: NOW, mode },
    types: new Map([[type, nodeType]]),
    signal: new AbortController().signal,
    servicesFor: () => services ?? {},
  })
  return tools.context('example', () => undefined)
}

function checkCodes(nodeType: NodeType, config: unknown, verdicts: Verdict[]): void {
  const ports = listOutPorts(nodeType.outPorts, config).map((port) => port.name)
  for (const verdict of verdicts) {
    // A reason may stand behind the purpose it is about: `email_marketing:withdrawn`.
    if (verdict.kind === 'drop')
      expect(Object.keys(nodeType.drops)).toContain(verdict.reason.split(':').at(-1))
    if (verdict.kind === 'fail' || verdict.kind === 'retry')
      expect(Object.keys(nodeType.fails)).toContain(verdict.code)
    if (verdict.kind === 'out' && nodeType.role !== 'destination')
      expect(ports).toContain(verdict.port)
  }
}

/** Operators read the details of failures: no value of a record may stand in one. */
function checkDetails(page: readonly Item[], verdicts: readonly Verdict[]): void {
  for (const [i, verdict] of verdicts.entries()) {
    const detail = verdict.kind === 'fail' ? verdict.detail : undefined
    if (detail === undefined) continue
    for (const value of Object.values(page[i]?.fields ?? {}))
      if (typeof value === 'string' && value.length > 2) expect(detail).not.toContain(value)
  }
}

function toFate(verdict: Verdict): Fate {
  if (verdict.kind === 'drop') return { drop: verdict.reason }
  if (verdict.kind === 'fail') return { fail: verdict.code }
  if (verdict.kind === 'retry') return { retry: verdict.code }
  const { item, port } = verdict
  return port === 'out' ? { out: item.fields } : { out: item.fields, port }
}
