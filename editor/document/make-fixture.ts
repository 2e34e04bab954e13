/** A test out of rows a person has looked at: who they are is made up, the rest stays. Pure. */
import type { Fixture, FlowGraph } from '../../engine/contract/flow.ts'
import type { Json } from '../../engine/contract/json.ts'
import type { FieldMeaning, FieldSpec } from '../../engine/contract/shape.ts'
import { DELIVERED_PORT } from '../../engine/contract/node.ts'
import { reachable } from '../../engine/flow/walk.ts'
import { outPortsOf, type Catalog } from './can-connect.ts'
import { newId } from './make-node.ts'

export interface FixtureSource {
  graph: FlowGraph
  catalog: Catalog
  node: string
  port: string
  rows: ReadonlyArray<Record<string, Json>>
  fields: readonly FieldSpec[]
  name: string
}

/** Numbers expected of all that follows; the counts are filled in by a first trial. */
export function makeFixture({ graph, catalog, rows, fields, ...rest }: FixtureSource): Fixture {
  const after = reachable(graph, [rest.node])
  const expect = graph.nodes.flatMap((node) => {
    if (!after.has(node.id) || node.id === rest.node) return []
    const sends = catalog.get(node.type)?.role === 'destination'
    const ports = sends ? [DELIVERED_PORT] : outPortsOf(node, catalog).map(({ name }) => name)
    return ports.map((port) => ({ node: node.id, port, count: 0 }))
  })
  return {
    ...rest,
    id: newId(),
    rows: rows.map((row, i) => invent(row, i, fields)),
    expect: expect.slice(0, 50),
  }
}

const MASK = '•••'

/** Names, numbers and addresses that belong to nobody: kept for examples by those who give them out. */
const INVENTED: Partial<Record<FieldMeaning, (i: number) => string>> = {
  email: (i) => `person${i + 1}@example.com`,
  phone: (i) => `+44 20 7946 0${String(100 + i)}`,
  first_name: (i) => `First${i + 1}`,
  last_name: (i) => `Last${i + 1}`,
  full_name: (i) => `First${i + 1} Last${i + 1}`,
  birth_date: (i) => `19${String(60 + (i % 40))}-01-15`,
  street: (i) => `${i + 1} Example Street`,
  postcode: (i) => String(10_000 + i),
}

function invent(
  row: Record<string, Json>,
  i: number,
  fields: readonly FieldSpec[],
): Record<string, Json> {
  const byName = new Map(fields.map((field) => [field.name, field]))
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      const field = byName.get(name)
      const made = field?.meaning && INVENTED[field.meaning]
      const hidden = typeof value === 'string' && value.includes(MASK)
      if (!hidden && field?.personal !== true) return [name, value]
      return [name, made ? made(i) : `${name}-${i + 1}`]
    }),
  )
}
