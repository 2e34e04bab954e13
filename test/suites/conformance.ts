/** What every node type must hold; engineers run it on theirs with this one import. */
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { toCatalogEntry } from '../../engine/contract/catalog.ts'
import { imbalance } from '../../engine/contract/counts.ts'
import type { Item, Verdict } from '../../engine/contract/item.ts'
import type { Json } from '../../engine/contract/json.ts'
import { listOutPorts, type NodeExample, type NodeType } from '../../engine/contract/node.ts'
import { createTools } from '../../engine/run/node-context.ts'
import { sortVerdicts } from '../../engine/run/run-node.ts'

const NOW = '2026-01-15T00:00:00.000Z'

export function conformance(nodeTypes: readonly NodeType[]): void {
  describe.each(nodeTypes.map((nodeType) => [nodeType.type, nodeType] as const))(
    'node type %s',
    (_type, nodeType) => {
      it('has a title, and a summary of one sentence', () => {
        expect(nodeType.title.trim()).not.toBe('')
        expect(nodeType.summary).toMatch(/^[^.!?]+[.]$/)
      })
      it('has a form that is plain JSON', () => {
        const { form } = toCatalogEntry(nodeType)
        expect(JSON.parse(JSON.stringify(form))).toEqual(form)
        expect(form).toMatchObject({ type: 'object' })
      })
      it('describes every reason with a sentence', () => {
        for (const text of [...Object.values(nodeType.drops), ...Object.values(nodeType.fails)])
          expect(text).toMatch(/^[A-Z].*\.$/)
      })
      it('refuses settings it does not know', () => {
        expect(() => nodeType.parse({ surely_not_a_setting: 1 })).toThrow(z.ZodError)
      })
      const examples = nodeType.examples.filter((example) => example.expect)
      if (examples.length > 0)
        it.each(examples.map((example) => [example.name, example] as const))(
          'example: %s, twice with the same outcome',
          async (_name, example) => {
            const first = await runExample(nodeType, example)
            expect(first.map(simplify)).toEqual(example.expect)
            expect(await runExample(nodeType, example)).toEqual(first)
          },
        )
    },
  )
}

/** Texts in Chinese for all that a marketer sees: due for the built-in types, free for others. */
export function chineseWords(nodeTypes: readonly NodeType[]): void {
  it.each(nodeTypes.map((nodeType) => [nodeType.type, nodeType] as const))(
    '%s is complete in Chinese',
    (_type, nodeType) => {
      const words = nodeType.words['zh-CN'] ?? expect.fail('no Chinese texts')
      expect(words.title).not.toBe('')
      expect(words.summary).not.toBe('')
      const reasons = [...Object.keys(nodeType.drops), ...Object.keys(nodeType.fails)]
      expect(reasons.filter((reason) => !words.reasons?.[reason])).toEqual([])
      const { titled, choices } = formTexts(toCatalogEntry(nodeType).form)
      expect(titled.filter((path) => !words.fields?.[path])).toEqual([])
      expect(choices.filter((choice) => !words.choices?.[choice])).toEqual([])
    },
  )
}

const isObject = (value: Json | undefined): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Paths of settings with a title, and `path=value` of choices with a label. */
function formTexts(schema: Json | undefined, path = ''): { titled: string[]; choices: string[] } {
  if (!isObject(schema)) return { titled: [], choices: [] }
  const labels = isObject(schema['labels']) ? Object.keys(schema['labels']) : []
  const properties = isObject(schema['properties']) ? Object.entries(schema['properties']) : []
  const variants = Array.isArray(schema['oneOf']) ? schema['oneOf'] : []
  const isWidget = schema['widget'] === 'mapping' || schema['widget'] === 'columns'
  const inner = [
    ...properties.map(([key, value]) => formTexts(value, path === '' ? key : `${path}.${key}`)),
    ...variants.map((variant) => formTexts(variant, path)),
    ...(isWidget ? [] : [formTexts(schema['items'], path)]),
  ]
  return {
    titled: [
      ...(typeof schema['title'] === 'string' && path !== '' ? [path] : []),
      ...inner.flatMap((texts) => texts.titled),
    ],
    choices: [...labels.map((value) => `${path}=${value}`), ...inner.flatMap((t) => t.choices)],
  }
}

async function runExample(nodeType: NodeType, example: NodeExample): Promise<Verdict[]> {
  const parsed = nodeType.parse(example.config)
  expect(parsed.uses, 'a step that needs services is tested in a file of its own').toEqual([])
  const page = (example.input ?? []).map((input, i): Item => ({
    id: `example:${i}`,
    source: 'Example',
    fields: structuredClone(input.fields),
    ...(input.profileId === undefined ? {} : { profileId: input.profileId }),
  }))
  const before = structuredClone(page)
  const verdicts = (await parsed.run?.(page, exampleContext(nodeType, example))) ?? []
  expect(page, 'a step changes copies, never the items it was given').toEqual(before)
  expect(verdicts).toHaveLength(page.length)
  expect(imbalance(sortVerdicts(page, verdicts, 'example').counts)).toBe(0)
  checkCodes(nodeType, parsed.config, verdicts)
  return verdicts
}

function exampleContext({ type, version, ...nodeType }: NodeType, { config }: NodeExample) {
  const node = { id: 'example', type, version, name: '', config, position: { x: 0, y: 0 } }
  const graph = { schemaVersion: 1 as const, nodes: [node], wires: [], settings: {} }
  const tools = createTools({
    scope: {
      runId: 'example',
      flowId: 'example',
      flowVersion: 1,
      graph,
      now: NOW,
      mode: 'run',
    },
    types: new Map([[type, { type, version, ...nodeType }]]),
    signal: new AbortController().signal,
  })
  return tools.context('example', () => undefined)
}

function checkCodes(nodeType: NodeType, config: unknown, verdicts: Verdict[]): void {
  const ports = listOutPorts(nodeType.outPorts, config).map((port) => port.name)
  for (const verdict of verdicts) {
    // A reason may stand behind the purpose it is about: `email_marketing:withdrawn`.
    if (verdict.kind === 'drop')
      expect(Object.keys(nodeType.drops)).toContain(verdict.reason.split(':').at(-1))
    if (verdict.kind === 'fail') expect(Object.keys(nodeType.fails)).toContain(verdict.code)
    if (verdict.kind === 'out' && nodeType.role !== 'destination')
      expect(ports).toContain(verdict.port)
  }
}

function simplify(verdict: Verdict) {
  if (verdict.kind === 'drop') return { drop: verdict.reason }
  if (verdict.kind === 'fail') return { fail: verdict.code }
  if (verdict.kind === 'retry') return { retry: verdict.code }
  const { item, port } = verdict
  return port === 'out' ? { out: item.fields } : { out: item.fields, port }
}
