/** An operator before the list of runs: several are acted on at once, and each one's outcome is told. */
import { describe, expect, it } from 'vitest'
import type { FlowView } from '../../engine/contract/api/flows.ts'
import type { RunView } from '../../engine/contract/run.ts'
import { chain } from '../support/chain.ts'
import { until } from '../support/until.ts'
import { api } from './support/api.ts'
import { publishFlow } from './support/people-flow.ts'
import { hasBrowser, visit } from './support/visit.ts'

const rules = [{ kind: 'rule', field: 'name', operator: 'equals', value: 'never' }]
const condition = { kind: 'group', match: 'all', rules }

/** A live run: it goes on until it is stopped. */
async function goLive(name: string): Promise<RunView> {
  const graph = chain([
    ['events', 'live_events', {}],
    ['none', 'filter', { condition }],
  ])
  const { id } = await api<FlowView>('POST', '/api/flows', { name, graph })
  await publishFlow(id)
  return api<RunView>('POST', `/api/flows/${id}/runs`, {})
}

describe.skipIf(!hasBrowser)('the list of runs', () => {
  it('pauses, resumes and stops those chosen, and no other', async () => {
    const tag = Math.random().toString(36).slice(2, 8)
    const names = [`Bulk A ${tag}`, `Bulk B ${tag}`, `Untouched ${tag}`]
    const runs = await Promise.all(names.map(goLive))
    const stateOf = async (run: RunView | undefined) =>
      (await api<RunView>('GET', `/api/runs/${run?.id ?? ''}`)).state
    await until(async () => (await Promise.all(runs.map(stateOf))).join(), isAll('running', 3))
    const { page, errors } = await visit({ path: '/runs' })
    for (const name of names.slice(0, 2))
      await page.getByRole('checkbox', { name: new RegExp(`^Choose the run of ${name}`) }).check()
    const bulk = page.getByRole('region', { name: 'What is done with the chosen runs' })
    for (const [button, told, state] of [
      ['Pause (2)', 'Paused', 'paused'],
      ['Resume (2)', 'Live', 'running'],
      ['Cancel run (2)', 'Stopped', 'cancelled'],
    ] as const) {
      await bulk.getByRole('button', { name: button }).click()
      await until(() => bulk.getByRole('listitem').filter({ hasText: told }).count(), isTwo)
      expect(await Promise.all(runs.slice(0, 2).map(stateOf))).toEqual([state, state])
    }
    expect(await stateOf(runs[2])).toBe('running')
    await api('POST', `/api/runs/${runs[2]?.id ?? ''}/cancel`)
    expect(errors).toEqual([])
  })
})

const isTwo = (n: number): boolean => n === 2
const isAll = (state: string, times: number) => (seen: string) =>
  seen === Array<string>(times).fill(state).join()
