/** Tests kept with the flow: made from rows of a step, with made-up people, and run before publishing. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FixtureResult } from '../../engine/contract/api/dry-runs.ts'
import type { Fixture } from '../../engine/contract/flow.ts'
import { ApiFailure } from '../api/api-failure.ts'
import { call } from '../api/call.ts'
import { makeFixture } from '../document/make-fixture.ts'
import { currentGraph, useFlow, useGraph } from '../document/flow-store.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { formatNumber } from '../ui/format.ts'
import { announce, notify } from '../ui/notices.tsx'
import { Badge } from '../ui/parts.tsx'
import { nodeTitle } from '../words/node-words.ts'
import { useDryRun } from './dry-run-store.ts'

const NO_TESTS: readonly Fixture[] = []

/** Runs all tests of the open flow. Throws an ApiFailure. */
export async function runTests(): Promise<FixtureResult[]> {
  const { items } = await call('flowTest', { body: { graph: currentGraph() } })
  return items
}

/** Says what the server refused; `busy` as long as it is asked. */
function useAttempt() {
  const [busy, setBusy] = useState(false)
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    setBusy(true)
    try {
      await work()
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error
      notify(error.message, { tone: 'error' })
    } finally {
      setBusy(false)
    }
  }
  return { busy, attempt }
}

export function KeptTests({ node }: { node: string }) {
  const { t } = useTranslation()
  const graph = useGraph()
  const readOnly = useFlow((state) => state.readOnly)
  const fixtures = graph.fixtures ?? NO_TESTS
  const [results, setResults] = useState<FixtureResult[]>()
  const { busy, attempt } = useAttempt()
  const run = () =>
    attempt(async () => {
      const items = await runTests()
      setResults(items)
      announce(t('tests.done', { ok: items.filter(({ ok }) => ok).length, count: items.length }))
    })
  return (
    <div className="kept-tests">
      <div className="row">
        {!readOnly && <KeepButton node={node} onKept={() => void run()} />}
        {fixtures.length > 0 && (
          <Button icon="play" busy={busy} onClick={() => void run()}>
            {t('tests.run')}
          </Button>
        )}
      </div>
      {fixtures.length === 0 && <p className="help">{t('tests.none')}</p>}
      <ul>
        {fixtures.map((fixture) => (
          <TestRow
            key={fixture.id}
            fixture={fixture}
            result={results?.find(({ id }) => id === fixture.id)}
          />
        ))}
      </ul>
    </div>
  )
}

const setFixtures = (fixtures: readonly Fixture[], key: string, name: string): void =>
  useFlow.getState().edit({ kind: 'set_fixtures', fixtures }, { key, values: { name } })

/** Keeps what leaves the step now as a test; what follows is expected to stay as it is. */
function KeepButton({ node: id, onKept }: { node: string; onKept(): void }) {
  const { t } = useTranslation()
  const preview = useDryRun((state) => state.preview)
  const { busy, attempt } = useAttempt()
  const rows = Object.entries(preview?.fates[id]?.out ?? {}).find(([, list]) => list.length > 0)
  const keep = async () => {
    if (!rows) return
    const { catalog, analysis } = useFlow.getState()
    const graph = currentGraph()
    const node = graph.nodes.find((known) => known.id === id)
    if (!node) return
    const fields = analysis?.shapes[id]?.[rows[0]]?.fields ?? []
    const name = t('tests.nameOf', { name: nodeTitle(node, catalog.get(node.type)) })
    const fresh = makeFixture({
      graph,
      catalog,
      node: id,
      port: rows[0],
      rows: rows[1],
      fields,
      name,
    })
    await attempt(async () => {
      const tried = { ...graph, fixtures: [fresh] }
      const { items } = await call('flowTest', { body: { graph: tried } })
      const expect = fresh.expect.map((wanted) => ({
        ...wanted,
        count:
          items[0]?.results.find((r) => r.node === wanted.node && r.port === wanted.port)?.found ??
          0,
      }))
      setFixtures([...(graph.fixtures ?? []), { ...fresh, expect }], 'add_fixture', name)
      onKept()
    })
  }
  return (
    <Button icon="plus" busy={busy} disabled={!rows} onClick={() => void keep()}>
      {t('tests.keep')}
    </Button>
  )
}

function TestRow({ fixture, result }: { fixture: Fixture; result: FixtureResult | undefined }) {
  const { t } = useTranslation()
  const graph = useGraph()
  const catalog = useFlow((state) => state.catalog)
  const readOnly = useFlow((state) => state.readOnly)
  const titleOf = (id: string) => {
    const node = graph.nodes.find((known) => known.id === id)
    return node ? nodeTitle(node, catalog.get(node.type)) : id
  }
  const wrong = result?.results.filter(({ expected, found }) => expected !== found) ?? []
  const others = () => (currentGraph().fixtures ?? []).filter(({ id }) => id !== fixture.id)
  return (
    <li>
      <div className="row">
        <strong>{fixture.name}</strong>
        <small>{t('tests.rows', { count: fixture.rows.length })}</small>
        {result && (
          <Badge tone={result.ok ? 'good' : 'bad'} icon={result.ok ? 'check' : 'error'}>
            {t(result.ok ? 'tests.ok' : 'tests.differs')}
          </Badge>
        )}
        {!readOnly && (
          <IconButton
            icon="trash"
            label={t('tests.remove', { name: fixture.name })}
            onClick={() => setFixtures(others(), 'remove_fixture', fixture.name)}
          />
        )}
      </div>
      {result?.failure && <p className="error">{result.failure}</p>}
      {wrong.map(({ node, port, expected, found }) => (
        <p key={`${node}.${port}`} className="error">
          {t('tests.expected', {
            name: titleOf(node),
            expected: formatNumber(expected),
            found: formatNumber(found),
          })}
        </p>
      ))}
    </li>
  )
}
