/** Runs the tests kept with a flow: their rows stand in for a step, and what follows is counted. */
import type { FixtureResult } from '../contract/api/dry-runs.ts'
import type { Analysis } from '../contract/api/flows.ts'
import { RejectedError } from '../contract/error.ts'
import type { Fixture } from '../contract/flow.ts'
import type { Item } from '../contract/item.ts'
import { dryRun, type DryRunInput } from './preview.ts'

export interface FixturesInput extends Pick<DryRunInput, 'graph' | 'types' | 'services' | 'now'> {
  shapes: Analysis['shapes']
}

export async function runFixtures(input: FixturesInput): Promise<FixtureResult[]> {
  const results: FixtureResult[] = []
  for (const fixture of input.graph.fixtures ?? []) results.push(await runFixture(fixture, input))
  return results
}

async function runFixture(fixture: Fixture, input: FixturesInput): Promise<FixtureResult> {
  const { id, node, port, rows, expect } = fixture
  const people = input.shapes[node]?.[port]?.kind === 'people'
  const items = rows.map((fields, i): Item => ({
    id: `${node}:test-${i}`,
    fields,
    source: fixture.name,
    ...(people ? { profileId: `test-${fixture.id}-${i}` } : {}),
  }))
  try {
    const trace = await dryRun({ ...input, standIn: { node, port, items } })
    const found = expect.map((wanted) => ({
      node: wanted.node,
      port: wanted.port,
      expected: wanted.count,
      found: trace.get(wanted.node)?.counts.out[wanted.port] ?? 0,
    }))
    return { id, ok: found.every((row) => row.expected === row.found), results: found }
  } catch (error) {
    if (!(error instanceof RejectedError)) throw error
    return { id, ok: false, failure: error.message, results: [] }
  }
}
