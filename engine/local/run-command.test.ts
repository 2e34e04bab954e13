import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runCommand } from './run-command.ts'

const node = (code: string) => ({ command: process.execPath, args: ['-e', code] })

describe('runCommand', () => {
  it('gives back what was printed', async () => {
    const result = await runCommand({
      ...node('console.log("a"); console.error("b")'),
      timeoutMs: 9000,
    })
    expect(result.ok).toBe(true)
    expect(result.output.split('\n').toSorted().join('')).toBe('ab')
  })

  it('says the last line as the reason when it fails', async () => {
    const result = await runCommand({
      ...node('console.log("why"); process.exit(3)'),
      timeoutMs: 9000,
    })
    expect(result).toMatchObject({ ok: false, reason: 'why' })
  })

  it('says that the command is not there', async () => {
    const result = await runCommand({ command: '/no/such', args: [], timeoutMs: 9000 })
    expect(result).toMatchObject({ ok: false, reason: expect.stringContaining('ENOENT') as string })
  })

  it('ends a command that makes no progress', async () => {
    const result = await runCommand({
      ...node('setTimeout(() => {}, 60000)'),
      timeoutMs: 60_000,
      stallMs: 1000,
    })
    expect(result).toMatchObject({ ok: false, reason: 'made no progress for 1 s' })
  })

  it('lets a silent command go on while its folder grows', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'heddle-grow-'))
    const file = JSON.stringify(join(folder, 'f'))
    const grow = `let n = 0; const t = setInterval(() => { require('fs').appendFileSync(${file}, 'x'); if (++n > 12) clearInterval(t) }, 300)`
    const result = await runCommand({
      ...node(grow),
      timeoutMs: 60_000,
      stallMs: 2000,
      grows: folder,
    })
    await rm(folder, { recursive: true })
    expect(result.ok).toBe(true)
  })

  it('ends a command that takes too long', async () => {
    const result = await runCommand({
      ...node('setInterval(() => console.log("."), 100)'),
      timeoutMs: 1000,
      stallMs: 30_000,
    })
    expect(result).toMatchObject({ ok: false, reason: 'took more than 1 s' })
  })
})
