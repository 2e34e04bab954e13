/** The rules a flow must pass before it is published. Pure; each rule is one function. */
import type { FlowGraph, Wire } from '../contract/flow.ts'
import { toCatalogEntry } from '../contract/catalog.ts'
import { listOutPorts } from '../contract/node.ts'
import type { Problem } from '../contract/problem.ts'
import type { WireShape } from '../contract/shape.ts'
import type { NodeFacts } from './analyse-flow.ts'
import { liveFlow } from './live-flow.ts'
import { error, stepName, warning } from './problem-parts.ts'
import { sensitiveProfiling } from './sensitive-profiling.ts'
import { sayWrongSetting } from './setting-words.ts'
import { reachable, topologicalOrder, wiresFrom, wiresInto } from './walk.ts'

type Facts = ReadonlyMap<string, NodeFacts>
type Rule = (graph: FlowGraph, facts: Facts) => Problem[]

/** What of the workspace's privacy policy the rules need. */
export interface LintPolicy {
  sensitiveTraits: readonly string[]
}

/** All problems, errors first, in the order of the nodes in the graph. */
export function lintFlow(
  graph: FlowGraph,
  facts: Facts,
  { sensitiveTraits }: LintPolicy = { sensitiveTraits: [] },
): Problem[] {
  const isUnfiltered = (nodeId: string, purpose: string): boolean =>
    reachesUnfiltered(graph, facts, nodeId, purpose)
  const problems = [
    ...RULES.flatMap((rule) => rule(graph, facts)),
    ...sensitiveProfiling({ graph, facts, sensitiveTraits, isUnfiltered }),
  ]
  return [
    ...problems.filter((problem) => problem.severity === 'error'),
    ...problems.filter((problem) => problem.severity === 'warning'),
  ]
}

export const hasErrors = (problems: readonly Problem[]): boolean =>
  problems.some((problem) => problem.severity === 'error')

const nameOf = (facts: NodeFacts | undefined, id: string): string =>
  (facts && stepName(facts)) || id

const emptyFlow: Rule = (graph, facts) => {
  if (graph.nodes.length === 0)
    return [error({ code: 'flow_empty', message: 'The flow has no steps.', fix: 'Add a source.' })]
  const sources = [...facts.values()].some((fact) => fact.nodeType?.role === 'source')
  return sources
    ? []
    : [error({ code: 'no_source', message: 'The flow has no source.', fix: 'Add a source.' })]
}

const duplicateIds: Rule = (graph) => {
  const ids = graph.nodes.map((node) => node.id)
  return [...new Set(ids.filter((id, i) => ids.indexOf(id) !== i))].map((nodeId) =>
    error({
      code: 'duplicate_node_id',
      nodeId,
      message: 'Two steps of this flow have the same id.',
      fix: 'Delete one of them and add it again.',
    }),
  )
}

const unknownTypes: Rule = (_graph, facts) =>
  [...facts.values()].flatMap(({ node, nodeType }) => {
    if (!nodeType)
      return [
        error({
          code: 'unknown_node_type',
          nodeId: node.id,
          message: `"${node.name || node.type}" is of a kind that is not installed here (${node.type}).`,
          fix: 'Install the node type, or delete the step.',
          values: { type: node.type },
        }),
      ]
    return node.version > nodeType.version
      ? [
          error({
            code: 'node_type_version',
            nodeId: node.id,
            message: `"${node.name || nodeType.title}" was made by a newer version of Heddle.`,
            fix: 'Update Heddle, or add the step again.',
          }),
        ]
      : []
  })

const badSettings: Rule = (_graph, facts) =>
  [...facts.values()].flatMap((fact) =>
    fact.badSettings.map(({ path, message }) => {
      const form = fact.nodeType ? toCatalogEntry(fact.nodeType).form : {}
      const { what, fix } = sayWrongSetting({ path, message }, form)
      return error({
        code: 'bad_setting',
        nodeId: fact.node.id,
        path,
        message: `In "${nameOf(fact, fact.node.id)}", ${what}`,
        fix,
        values: { reason: message },
      })
    }),
  )

const brokenWires: Rule = (graph, facts) =>
  graph.wires.flatMap((wire) => {
    const from = facts.get(wire.from.node)
    const to = facts.get(wire.to.node)
    if (!from || !to) return [wireProblem(wire, 'wire_unknown_node', 'A wire has a loose end.')]
    if (!from.nodeType || !to.nodeType) return []
    const outPorts = listOutPorts(from.nodeType.outPorts, from.node.config)
    if (!outPorts.some((port) => port.name === wire.from.port))
      return [
        wireProblem(
          wire,
          'wire_unknown_port',
          `A wire leaves "${nameOf(from, from.node.id)}" by a way out it no longer has.`,
        ),
      ]
    const inPort = to.nodeType.inPorts.find((port) => port.name === wire.to.port)
    if (!inPort)
      return [
        wireProblem(
          wire,
          'wire_unknown_port',
          `A wire ends at "${nameOf(to, to.node.id)}" where nothing can be connected.`,
        ),
      ]
    const kind = from.leaves[wire.from.port]?.kind
    return kind && !inPort.accepts.includes(kind) ? [wrongKind(wire, from, to)] : []
  })

const wireProblem = (
  wire: Wire,
  code: 'wire_unknown_node' | 'wire_unknown_port',
  message: string,
): Problem =>
  error({
    code,
    wireId: wire.id,
    nodeId: wire.from.node,
    message,
    fix: 'Delete the wire and draw it again.',
  })

const wrongKind = (wire: Wire, from: NodeFacts, to: NodeFacts): Problem =>
  error({
    code: 'wire_wrong_kind',
    wireId: wire.id,
    nodeId: to.node.id,
    message: `"${nameOf(to, to.node.id)}" needs people, but "${nameOf(from, from.node.id)}" gives records that are not matched to people yet.`,
    fix: 'Put an identity match between them.',
    values: { from: nameOf(from, from.node.id), to: nameOf(to, to.node.id) },
  })

const openPorts: Rule = (graph, facts) =>
  [...facts.values()].flatMap((fact) =>
    (fact.nodeType?.inPorts ?? []).flatMap((port) => {
      const count = wiresInto(graph, fact.node.id).filter((w) => w.to.port === port.name).length
      const values = { node: nameOf(fact, fact.node.id), port: port.title }
      if (count === 0 && port.required !== false)
        return [
          error({
            code: 'port_not_connected',
            nodeId: fact.node.id,
            message: `Nothing is connected to "${values.port}" of "${values.node}".`,
            fix: 'Draw a wire to it from an earlier step, or delete the step.',
            values,
          }),
        ]
      return count > 1 && !port.many
        ? [
            error({
              code: 'wire_port_full',
              nodeId: fact.node.id,
              message: `"${values.port}" of "${values.node}" takes one wire, but ${count} end there.`,
              fix: 'Put a "Merge branches" step before it.',
              values,
            }),
          ]
        : []
    }),
  )

const cycles: Rule = (graph, facts) => {
  const { cyclic } = topologicalOrder(graph)
  if (cyclic.length === 0) return []
  const names = cyclic.map((node) => `"${nameOf(facts.get(node.id), node.id)}"`).join(', ')
  return cyclic.map((node) =>
    error({
      code: 'cycle',
      nodeId: node.id,
      message: `These steps feed each other in a circle: ${names}.`,
      fix: 'Delete one of the wires between them.',
    }),
  )
}

const unknownFields: Rule = (_graph, facts) =>
  [...facts.values()].flatMap((fact) => {
    const first = fact.nodeType?.inPorts[0]?.name ?? ''
    return fact.fieldsUsed
      .filter(([, field, port = first]) => {
        const shape = fact.arrives[port]
        return shape && !shape.open && field !== '' && !isKnownField(shape, field)
      })
      .map(([path, field, port = first]) => unknownField(fact, { path, field, port }))
  })

function unknownField(
  fact: NodeFacts,
  { path, field, port }: { path: string; field: string; port: string },
): Problem {
  const node = nameOf(fact, fact.node.id)
  const ports = fact.nodeType?.inPorts ?? []
  const title = ports.find(({ name }) => name === port)?.title
  const way = ports.length > 1 && title ? ` by "${title}"` : ''
  return error({
    code: 'unknown_field',
    nodeId: fact.node.id,
    path,
    message: `"${node}" uses the field "${field}", which no step before it gives${way}.`,
    fix: `Choose one of the fields that arrive${way || ' here'}.`,
    values: { node, field },
  })
}

/** A field is known by its whole name, or by the first part of a path into an object or list. */
function isKnownField(shape: WireShape, field: string): boolean {
  return shape.fields.some(
    ({ name, type }) =>
      name === field ||
      (field.startsWith(`${name}.`) &&
        (type === 'object' || type === 'list' || type === 'unknown')),
  )
}

const unreachable: Rule = (graph, facts) => {
  const sources = [...facts.values()]
    .filter((fact) => fact.nodeType?.role === 'source')
    .map((fact) => fact.node.id)
  const seen = reachable(graph, sources)
  return graph.nodes
    .filter((node) => !seen.has(node.id) && facts.get(node.id)?.nodeType)
    .map((node) =>
      warning({
        code: 'unreachable_node',
        nodeId: node.id,
        message: `No source leads to "${nameOf(facts.get(node.id), node.id)}", so it never does anything.`,
        fix: 'Connect it, or delete it.',
      }),
    )
}

const nothingLeaves: Rule = (graph, facts) => {
  const effective = [...facts.values()].some(
    ({ nodeType }) => nodeType && (nodeType.effects === 'sends' || nodeType.effects === 'writes'),
  )
  return effective || graph.nodes.length === 0
    ? []
    : [
        warning({
          code: 'nothing_leaves',
          message: 'The flow neither writes profiles nor sends anything.',
          fix: 'Add a destination or a "Write profile" step.',
        }),
      ]
}

/** The privacy lint: every path to a step that sends must be filtered for each of its purposes. */
const missingConsent: Rule = (graph, facts) =>
  [...facts.values()]
    .filter((fact) => fact.nodeType?.effects === 'sends')
    .flatMap((fact) => {
      const missing = unfilteredPurposes(graph, facts, fact)
      if (missing.length === 0) return []
      const values = { node: nameOf(fact, fact.node.id), purposes: missing.join(', ') }
      return [
        error({
          code: 'no_consent_filter',
          nodeId: fact.node.id,
          message: `People can reach "${values.node}" without their consent being checked for: ${values.purposes}.`,
          fix: 'Put a consent filter for it on every path before this step.',
          values,
        }),
      ]
    })

function unfilteredPurposes(graph: FlowGraph, facts: Facts, destination: NodeFacts): string[] {
  const purposes = destination.privacy.purposes ?? []
  if (purposes.length === 0) return ['no purpose chosen']
  return purposes.filter((purpose) => reachesUnfiltered(graph, facts, destination.node.id, purpose))
}

function reachesUnfiltered(graph: FlowGraph, facts: Facts, nodeId: string, purpose: string) {
  const seen = new Set<string>()
  const queue = [nodeId]
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    if (seen.has(id)) continue
    seen.add(id)
    const fact = facts.get(id)
    if (id !== nodeId && fact?.privacy.filters?.includes(purpose)) continue
    if (fact?.nodeType?.role === 'source') return true
    queue.push(...wiresInto(graph, id).map((wire) => wire.from.node))
  }
  return false
}

const rawPersonalData: Rule = (_graph, facts) =>
  [...facts.values()].flatMap((fact) => {
    if (fact.nodeType?.effects !== 'sends' || fact.privacy.needsReadable) return []
    return (fact.privacy.sends ?? [])
      .filter((field) => field.personal && !field.hashed)
      .map((field) =>
        warning({
          code: 'raw_personal_data',
          nodeId: fact.node.id,
          message: `"${nameOf(fact, fact.node.id)}" sends "${field.name}" in readable form.`,
          fix: 'Leave the field out, hash it first, or confirm that the receiver needs it readable.',
          values: { node: nameOf(fact, fact.node.id), field: field.name },
        }),
      )
  })

const deadEnds: Rule = (graph, facts) =>
  [...facts.values()].flatMap((fact) => {
    if (fact.nodeType?.role !== 'source') return []
    return wiresFrom(graph, fact.node.id).length > 0
      ? []
      : [
          warning({
            code: 'nothing_leaves',
            nodeId: fact.node.id,
            message: `What "${nameOf(fact, fact.node.id)}" reads goes nowhere.`,
            fix: 'Draw a wire from it to the next step.',
          }),
        ]
  })

const RULES: readonly Rule[] = [
  liveFlow,
  emptyFlow,
  duplicateIds,
  unknownTypes,
  badSettings,
  brokenWires,
  openPorts,
  cycles,
  unknownFields,
  missingConsent,
  unreachable,
  nothingLeaves,
  deadEnds,
  rawPersonalData,
]
