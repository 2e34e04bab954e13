/** The rules of publishing and the cut into stages, on small graphs. */
import { describe, expect, it } from 'vitest'
import { nodeTypes } from '../../nodes/index.ts'
import type { FlowGraph } from '../contract/flow.ts'
import type { Json } from '../contract/json.ts'
import { analyseFlow } from './analyse-flow.ts'
import { compilePlan } from './compile-plan.ts'

const registry = new Map(nodeTypes.map((nodeType) => [nodeType.type, nodeType]))

const CONFIGS: Record<string, Record<string, Json>> = {
  ndjson_file: {
    origin: { kind: 'upload', file: { id: 'f', name: 'f' } },
    columns: [{ name: 'email', type: 'text', meaning: 'email', personal: true }],
  },
  identity_match: { identifiers: [{ type: 'email', field: 'email' }] },
  consent_filter: { purposes: ['email_marketing'] },
  file_export: { columns: ['email'], purposes: ['email_marketing'] },
  write_profile: {},
  normalise: { rows: [{ field: 'email', as: 'email' }] },
  merge_branches: {},
  deduplicate: { fields: ['email'] },
  live_events: {},
}

/** `a>b` draws a wire; the type of a node is its name up to the digit. */
function graph(...wires: string[]): FlowGraph {
  const ids = [...new Set(wires.flatMap((wire) => wire.split('>')))]
  return {
    schemaVersion: 1,
    nodes: ids.map((id) => {
      const type = id.replace(/\d+$/, '')
      return {
        id,
        type,
        version: 1,
        name: '',
        config: CONFIGS[type] ?? {},
        position: { x: 0, y: 0 },
      }
    }),
    wires: wires
      .filter((wire) => wire.includes('>'))
      .map((wire) => {
        const [from = '', to = ''] = wire.split('>')
        return {
          id: `${from}-${to}`,
          from: { node: from, port: 'out' },
          to: { node: to, port: 'in' },
        }
      }),
    settings: {},
  }
}

const errors = (flow: FlowGraph): string[] =>
  analyseFlow(flow, registry)
    .problems.filter(({ severity }) => severity === 'error')
    .map(({ code, nodeId }) => (nodeId === undefined ? code : `${code} ${nodeId}`))

describe('lintFlow', () => {
  it.each<[string, string[], string[]]>([
    [
      'accepts a filtered flow',
      [
        'ndjson_file1>identity_match1',
        'identity_match1>consent_filter1',
        'consent_filter1>file_export1',
      ],
      [],
    ],
    [
      'refuses a destination without consent filter',
      ['ndjson_file1>file_export1'],
      ['no_consent_filter file_export1'],
    ],
    [
      'refuses a second path around the filter',
      [
        'ndjson_file1>consent_filter1',
        'consent_filter1>merge_branches1',
        'ndjson_file1>merge_branches1',
        'merge_branches1>file_export1',
      ],
      ['no_consent_filter file_export1'],
    ],
    [
      'refuses records where people are needed',
      ['ndjson_file1>write_profile1'],
      ['wire_wrong_kind write_profile1'],
    ],
    [
      'refuses a circle',
      ['ndjson_file1>merge_branches1', 'merge_branches1>normalise1', 'normalise1>merge_branches1'],
      ['cycle merge_branches1', 'cycle normalise1'],
    ],
    [
      'refuses two wires into one way in',
      ['ndjson_file1>normalise1', 'ndjson_file2>normalise1'],
      ['wire_port_full normalise1'],
    ],
    ['refuses an open way in', ['ndjson_file1', 'normalise1'], ['port_not_connected normalise1']],
    [
      'refuses a kind that is not installed',
      ['ndjson_file1>surprise1'],
      ['unknown_node_type surprise1'],
    ],
    ['refuses an empty flow', [], ['flow_empty']],
  ])('%s', (_name, wires, expected) => {
    expect(errors(graph(...wires)).sort()).toEqual([...expected].sort())
  })

  it('lets a live flow have one source, and only steps that need no end of the input', () => {
    const flow = graph('live_events>merge_branches', 'ndjson_file>merge_branches')
    expect(errors(flow)).toContain('live_and_other_source ndjson_file')
    expect(errors(graph('live_events>deduplicate', 'deduplicate>normalise'))).toContain(
      'live_needs_all deduplicate',
    )
    expect(errors(graph('live_events>identity_match', 'identity_match>write_profile'))).toEqual([])
  })
  it('names the field that does not exist on the path', () => {
    const flow = graph('ndjson_file1>deduplicate1')
    const node = flow.nodes.find(({ id }) => id === 'deduplicate1')
    if (node) node.config = { fields: ['nope'] }
    const { problems } = analyseFlow(flow, registry)
    expect(problems).toContainEqual(
      expect.objectContaining({ code: 'unknown_field', path: 'fields.0', nodeId: 'deduplicate1' }),
    )
  })

  it('names a bad setting by its path', () => {
    const flow = graph('ndjson_file1>consent_filter1', 'consent_filter1>file_export1')
    const node = flow.nodes.find(({ id }) => id === 'consent_filter1')
    if (node) node.config = { purposes: [] }
    expect(analyseFlow(flow, registry).problems).toContainEqual(
      expect.objectContaining({ code: 'bad_setting', path: 'purposes', nodeId: 'consent_filter1' }),
    )
  })

  it('names a field of the lookup table that does not arrive there', () => {
    const flow = graph('ndjson_file1>join1', 'ndjson_file2>join1')
    flow.wires[1] = { id: 'l', from: { node: 'ndjson_file2', port: 'out' }, to: { node: 'join1', port: 'lookup' } } // prettier-ignore
    const node = flow.nodes.find(({ id }) => id === 'join1')
    if (node)
      node.config = { keys: [{ field: 'email', lookupField: 'sku' }], take: ['email', 'price'] }
    const problems = analyseFlow(flow, registry).problems.filter((p) => p.code === 'unknown_field')
    expect(problems.map(({ path, message }) => [path, message])).toEqual([
      ['keys.0.lookupField', expect.stringMatching(/"sku".*by "Lookup table"/)],
      ['take.1', expect.stringMatching(/"price".*by "Lookup table"/)],
    ])
  })

  it.each<[what: string, type: string, config: Record<string, Json>, said: RegExp, fix: RegExp]>([
    ['is missing', 'formula', { to: 'a' }, /"Formula" is not set\./, /set "Formula"/],
    [
      'has a wrong kind',
      'formula',
      { to: 1, formula: '1' },
      /"Result field": It must be a string, but is a number\./,
      /correct "Result field"/,
    ],
    [
      'cannot be read',
      'formula',
      { to: 'a', formula: '1 +' },
      /"Formula": The formula cannot be read: /,
      /correct/,
    ],
    [
      'stands in a list',
      'join',
      { keys: [{ field: 'a', lookupField: '' }] },
      /"Keys › 1 › Field of the lookup table": Name the field/,
      /correct/,
    ],
    [
      'is none of the choices',
      'filter',
      { condition: { kind: 'group', match: 'all', rules: [] }, rest: 'x' },
      /"All others": It must be one of/,
      /correct/,
    ],
    [
      'is not known',
      'filter',
      { condition: { kind: 'group', match: 'all', rules: [] }, x: 1 },
      /There is no setting "x"/,
      /correct/,
    ],
  ])(
    'tells by its title what is wrong with a setting that %s',
    (_what, type, config, said, fix) => {
      const flow = graph(`ndjson_file1>${type}1`)
      const node = flow.nodes.find(({ id }) => id === `${type}1`)
      if (node) node.config = config
      const problem = analyseFlow(flow, registry).problems.find((p) => p.code === 'bad_setting')
      expect(problem?.message).toMatch(said)
      expect(problem?.fix).toMatch(fix)
    },
  )
})

const stagesOf = (flow: FlowGraph) =>
  compilePlan({ flowId: 'f', flowVersion: 1, graph: flow, registry }).stages.map((stage) => ({
    kind: stage.kind,
    nodes: stage.nodes.map(({ node }) => node.id),
  }))

describe('compilePlan', () => {
  it('puts page steps in one stage', () => {
    expect(stagesOf(graph('ndjson_file1>normalise1', 'normalise1>consent_filter1'))).toEqual([
      { kind: 'pages', nodes: ['ndjson_file1', 'normalise1', 'consent_filter1'] },
    ])
  })

  it('makes one stage of a live flow, identity match too', () => {
    const flow = graph('live_events>identity_match', 'identity_match>write_profile')
    expect(
      compilePlan({ flowId: 'f', flowVersion: 1, graph: flow, registry }).stages.map(
        ({ kind, nodes }) => [kind, nodes.map(({ node }) => node.id)],
      ),
    ).toEqual([['live', ['live_events', 'identity_match', 'write_profile']]])
  })
  it('makes a dataset step a barrier', () => {
    expect(stagesOf(graph('ndjson_file1>deduplicate1', 'deduplicate1>normalise1'))).toEqual([
      { kind: 'pages', nodes: ['ndjson_file1'] },
      { kind: 'dataset', nodes: ['deduplicate1'] },
      { kind: 'pages', nodes: ['normalise1'] },
    ])
  })

  it('stages a wire around a barrier instead of making a circle of stages', () => {
    const stages = stagesOf(
      graph(
        'ndjson_file1>deduplicate1',
        'deduplicate1>merge_branches1',
        'ndjson_file1>merge_branches1',
      ),
    )
    expect(stages.map(({ nodes }) => nodes)).toEqual([
      ['ndjson_file1'],
      ['deduplicate1'],
      ['merge_branches1'],
    ])
  })

  it('gives the same plan whatever the order of nodes and wires', () => {
    const flow = graph(
      'ndjson_file1>normalise1',
      'ndjson_file2>merge_branches1',
      'normalise1>merge_branches1',
    )
    const shuffled = { ...flow, nodes: [...flow.nodes].reverse(), wires: [...flow.wires].reverse() }
    expect(stagesOf(shuffled)).toEqual(stagesOf(flow))
  })
})
