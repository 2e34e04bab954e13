/** Trying flows out: previews, estimates, one person's way, kept tests. Nothing is written or sent. */
import type { Estimate, FixtureResult, Follow, Preview } from '../contract/api/dry-runs.ts'
import type { Analysis } from '../contract/api/flows.ts'
import type { FlowGraph } from '../contract/flow.ts'
import type { NodeType } from '../contract/node.ts'
import { estimateFlow } from '../run/estimate-flow.ts'
import { followPerson } from '../run/follow-person.ts'
import { previewFlow, type DryRunInput } from '../run/preview.ts'
import { runFixtures } from '../run/run-fixtures.ts'
import { runnablePart } from '../run/runnable-part.ts'
import { createSampleCache } from '../run/sample-sources.ts'
import type { DataPlane } from '../worker/data-plane.ts'

export interface DryRuns {
  preview(input: { graph: FlowGraph; rows: number; until?: string | undefined }): Promise<Preview>
  estimate(input: { graph: FlowGraph; exact: boolean }): Promise<Estimate>
  follow(input: { graph: FlowGraph; person: string; run?: string | undefined }): Promise<Follow>
  test(graph: FlowGraph): Promise<FixtureResult[]>
}

export interface DryRunsInput {
  dataPlane: Pick<DataPlane, 'previewServices' | 'deliveries'>
  types: () => ReadonlyMap<string, NodeType>
  analyse: (graph: FlowGraph) => Analysis
  judgeApart?: DryRunInput['judgeApart']
}

export function createDryRuns({ dataPlane, types, analyse, judgeApart }: DryRunsInput): DryRuns {
  const cache = createSampleCache()
  const tools = () => ({
    types: types(),
    services: dataPlane.previewServices(),
    now: new Date().toISOString(),
    ...(judgeApart ? { judgeApart } : {}),
  })
  return {
    preview: ({ graph, ...input }) =>
      previewFlow({
        ...input,
        graph: runnablePart(graph, analyse(graph).problems),
        ...tools(),
      }),
    estimate({ graph, exact }) {
      const { problems, shapes } = analyse(graph)
      return estimateFlow({
        graph: runnablePart(graph, problems),
        exact,
        shapes,
        cache,
        ...tools(),
      })
    },
    follow({ graph, person, run }) {
      const { problems, shapes } = analyse(graph)
      return followPerson({
        graph: runnablePart(graph, problems),
        person,
        shapes,
        answersOf: (profiles) => dataPlane.deliveries.answersOf(profiles, run),
        ...tools(),
      })
    },
    test(graph) {
      const { problems, shapes } = analyse(graph)
      return runFixtures({ graph: runnablePart(graph, problems), shapes, ...tools() })
    },
  }
}
