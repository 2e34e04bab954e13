import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { formatDoctor, runDoctor } from './doctor.ts'
import { takeInstanceLock } from './instance-lock.ts'

let home: string

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'heddle-doctor-'))
})

afterEach(() => rm(home, { recursive: true, force: true }))

const check = async (env: NodeJS.ProcessEnv = {}) => {
  const lines = await runDoctor({ home, env: { PATH: '', HEDDLE_CACHE: home, ...env } })
  return (what: string) => lines.find((line) => line.what === what)
}

it('says what to do about a database that was not found', async () => {
  const line = await check()
  expect(line('MongoDB')).toMatchObject({
    state: 'warn',
    found: 'not found',
    advice: expect.stringContaining('MONGODB_URI') as string,
  })
})

it('does not show the password in an address', async () => {
  const line = await check({ MONGODB_URI: 'mongodb://u:secret@db/' })
  expect(line('MongoDB')).toMatchObject({ state: 'ok', found: 'the address in MONGODB_URI' })
})

it('names the address of a running instance', async () => {
  await (await takeInstanceLock(home)).setAddress('http://127.0.0.1:4000')
  const line = await check()
  expect(line('instance')?.found).toContain('http://127.0.0.1:4000')
})

it('looks at a home folder that does not exist yet', async () => {
  const lines = await runDoctor({ home: join(home, 'not/yet'), env: { PATH: '' } })
  expect(lines.find(({ what }) => what === 'disk')?.found).toContain('GB free')
})

it('prints one line for each finding, with the advice below', () => {
  const text = formatDoctor([
    { state: 'ok', what: 'Node.js', found: '20', advice: '' },
    { state: 'warn', what: 'npm', found: 'none', advice: 'Install it.' },
  ])
  expect(text.split('\n')).toEqual([
    'ok    Node.js  20',
    'warn  npm      none',
    '               Install it.',
  ])
})
