/** Pause, resume, cancel and small flows on the real engine. */
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FlowGraph } from '../engine/contract/flow.ts'
import { startTestEngine, type TestEngine } from './support/test-engine.ts'

describe('a run', () => {
  let engine: TestEngine
  beforeAll(async () => {
    engine = await startTestEngine()
  })
  afterAll(() => engine?.stop())

  async function flowOver(lines: string[]): Promise<FlowGraph> {
    const file = await engine.dataPlane.uploads.store({
      name: 'events.ndjson',
      stream: Readable.from([lines.join('\n')]),
      by: 'test',
    })
    const wire = (from: string, to: string) => ({
      id: `${from}-${to}`,
      from: { node: from, port: 'out' },
      to: { node: to, port: 'in' },
    })
    const node = (id: string, type: string, config: FlowGraph['nodes'][number]['config']) => ({
      id,
      type,
      version: 1,
      name: id,
      config,
      position: { x: 0, y: 0 },
    })
    return {
      schemaVersion: 1,
      nodes: [
        node('read', 'ndjson_file', {
          origin: { kind: 'upload', file: { id: file.id, name: file.name } },
        }),
        node('clean', 'normalise', { rows: [{ field: 'email', as: 'email' }] }),
        node('consent', 'consent_filter', {
          purposes: ['email_marketing'],
          lookAt: 'record',
          fields: [{ purpose: 'email_marketing', field: 'ok', granted: 'yes' }],
        }),
        node('file', 'file_export', { format: 'ndjson', purposes: ['email_marketing'] }),
      ],
      wires: [wire('read', 'clean'), wire('clean', 'consent'), wire('consent', 'file')],
      settings: {},
    }
  }

  const line = (i: number, ok = 'yes') => JSON.stringify({ email: ` P${i}@Example.com`, ok, i })

  it('delivers 9,999 records of 10,000 when one is broken, and parks that one', async () => {
    const lines = Array.from({ length: 10_000 }, (_, i) => (i === 4_321 ? '{"email":' : line(i)))
    const run = await engine.finished((await engine.start(await flowOver(lines))).id)
    expect(run.state).toBe('completed_with_errors')
    expect(run.counts['file']?.out).toEqual({ delivered: 9_999 })
    const letters = await engine.dataPlane.parked.listLetters({ run: run.id, limit: 10 })
    expect(letters.map(({ code, nodeId }) => ({ code, nodeId }))).toEqual([
      { code: 'bad_json', nodeId: 'read' },
    ])
    const written = await text(engine.dataPlane.outputs.open(run.id, 'file', ''))
    const numbers = written
      .trim()
      .split('\n')
      .map((row) => (JSON.parse(row) as { i: number }).i)
    expect(new Set(numbers).size).toBe(9_999)
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b))
  })

  it('says why records were dropped', async () => {
    const graph = await flowOver([line(1), line(2, 'no'), '{"email":"x@example.com"}'])
    const run = await engine.finished((await engine.start(graph)).id)
    expect(run.counts['consent']).toMatchObject({
      in: 3,
      out: { out: 1 },
      dropped: { 'email_marketing:denied': 1, 'email_marketing:unknown': 1 },
    })
  })

  it('pauses, stays paused, and goes on to the same result', async () => {
    const lines = Array.from({ length: 60_000 }, (_, i) => line(i))
    const started = await engine.start(await flowOver(lines))
    const before = Date.now()
    const paused = await engine.runner.pause(started.id)
    expect(Date.now() - before).toBeLessThan(10_000)
    if (paused.state === 'paused') {
      const done = Object.values(paused.stages).map(({ pagesDone }) => pagesDone)
      await new Promise((resolve) => setTimeout(resolve, 1_000))
      const later = await engine.runner.viewOf(started.id)
      expect(Object.values(later.stages).map(({ pagesDone }) => pagesDone)).toEqual(done)
      await engine.runner.resume(started.id)
    }
    const run = await engine.finished(started.id)
    expect(run.state).toBe('completed')
    expect(run.counts['file']?.out).toEqual({ delivered: 60_000 })
  })

  it('cancels within ten seconds and does nothing more', async () => {
    const lines = Array.from({ length: 100_000 }, (_, i) => line(i))
    const started = await engine.start(await flowOver(lines))
    const before = Date.now()
    const run = await engine.runner.cancel(started.id)
    expect(Date.now() - before).toBeLessThan(10_000)
    expect(run.state).toBe('cancelled')
    const sizes = await engine.dataPlane.outputs.sizes(run.id)
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    expect(await engine.dataPlane.outputs.sizes(run.id)).toEqual(sizes)
  })

  it('fails with the step and what to do when the file is gone', async () => {
    const graph = await flowOver([line(1)])
    const config = graph.nodes[0]?.config['origin'] as { file: { id: string } }
    await engine.dataPlane.uploads.remove(config.file.id)
    const run = await engine.finished((await engine.start(graph)).id)
    expect(run.state).toBe('failed')
    expect(run.failure).toMatchObject({ code: 'file_is_gone' })
    expect(run.failure?.message).toContain('Upload it again')
  })
})
