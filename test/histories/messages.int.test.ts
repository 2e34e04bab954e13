/** Promise A-9: what people ask of a run is neither lost nor done twice while it continues as new. */
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client, Connection } from '@temporalio/client'
import { expect, inject, it } from 'vitest'
import { workflowBundle } from '../../engine/worker/bundle.ts'
import { play } from './play.ts'
import type { Scenario } from './scenarios.ts'

const ROUNDS = 60

it('answers every pause and resume across continue-as-new', async () => {
  const recorded = { running: 0, paused: 0 }
  const pages = new Set<string>()
  let repeated = 0
  const scenario: Scenario = {
    name: 'messages',
    workflow: 'runFlow',
    stages: [{ id: 's1', kind: 'pages' }],
    activities: {
      openStage: async () => ({ pages: 12_000 }),
      async runStagePages({ from, to }) {
        for (let page = from; page < to; page++) {
          if (pages.has(String(page))) repeated++
          pages.add(String(page))
        }
        return 'done'
      },
      async recordState({ state }) {
        recorded[state]++
      },
    },
    async act(handle) {
      for (let round = 0; round < ROUNDS; round++) {
        await handle.executeUpdate('pause')
        await handle.executeUpdate('resume')
      }
    },
  }
  const temporalAddress = inject('temporalAddress')
  const connection = await Connection.connect({ address: temporalAddress })
  const bundle = await workflowBundle(await mkdtemp(path.join(tmpdir(), 'heddle-messages-')))
  const client = new Client({ connection })
  const { histories } = await play(scenario, { client, temporalAddress, bundle })
  await connection.close()
  expect(histories.length).toBeGreaterThan(4)
  expect(recorded).toEqual({ running: ROUNDS, paused: ROUNDS })
  expect({ pages: pages.size, repeated }).toEqual({ pages: 12_000, repeated: 0 })
}, 120_000)
