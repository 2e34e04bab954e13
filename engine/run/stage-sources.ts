/** Where the pages of a stage come from: splits of its sources, staged pages, or dead letters. */
import type { Stage } from '../contract/plan.ts'
import type { PageStore } from '../store/pages.ts'
import type { PageSource, RunDocument, RunStore } from '../store/runs.ts'
import type { HopTools } from './run-hop.ts'

export interface StageSourcesDeps {
  runs: RunStore
  pages: PageStore
  tools: HopTools
}

/** Dead letters tried again in one page. */
const LETTERS_PER_PAGE = 500

/** In a fixed order: by node, then by wire. A dataset stage counts as one page. */
export async function stageSources(
  run: RunDocument,
  stage: Stage,
  deps: StageSourcesDeps,
): Promise<PageSource[]> {
  if (stage.kind === 'dataset') return []
  const first = run.rerun ? letterPages(run, stage) : await splitPages(stage, deps)
  return [...first, ...(await stagedPages(run, stage, deps))]
}

function letterPages(run: RunDocument, stage: Stage): PageSource[] {
  return stage.nodes.flatMap(({ node }) => {
    const ids = run.rerun?.letters[node.id] ?? []
    const pages: PageSource[] = []
    for (let i = 0; i < ids.length; i += LETTERS_PER_PAGE)
      pages.push({ kind: 'letters', nodeId: node.id, ids: ids.slice(i, i + LETTERS_PER_PAGE) })
    return pages
  })
}

async function splitPages(stage: Stage, { tools }: StageSourcesDeps): Promise<PageSource[]> {
  const pages: PageSource[] = []
  for (const nodeId of stage.sources) {
    const ctx = tools.context(nodeId, () => undefined)
    const splits = (await tools.parse(nodeId).source?.open(ctx)) ?? []
    pages.push(...splits.map((split) => ({ kind: 'split' as const, nodeId, split })))
  }
  return pages
}

async function stagedPages(
  run: RunDocument,
  stage: Stage,
  { runs, pages }: StageSourcesDeps,
): Promise<PageSource[]> {
  const staged: PageSource[] = []
  for (const wire of stage.inputs) {
    const generation = await runs.generationOf(run, wire)
    for (const pageNo of await pages.list(run._id, wire.id, generation))
      staged.push({ kind: 'staged', wireId: wire.id, nodeId: wire.to.node, generation, pageNo })
  }
  return staged
}
