/** Every command as a stranger meets it: what it says, where it says it, and how it ends. */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { projectRoot } from '../local/home.ts'
import { connectDatabase } from '../store/database.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'heddle-cli-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const at = (name: string) => path.join(folder, name)

interface Said {
  code: number
  out: string
  err: string
}

function heddle(args: string[], env: Record<string, string> = {}): Promise<Said> {
  const bootstrap = path.join(projectRoot, 'bin/heddle.mjs')
  const { MONGODB_URI: _uri, TEMPORAL_ADDRESS: _address, VITEST: _vitest, ...others } = process.env
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [bootstrap, ...args],
      { cwd: folder, env: { ...others, HEDDLE_CONFIG: at('heddle.config.ts'), ...env } },
      (error, out, err) => resolve({ code: error ? Number(error.code) || 1 : 0, out, err }),
    )
  })
}

const node = (id: string, type: string, config: unknown) => ({ id, type, version: 1, config })
const wire = (from: string, to: string) => ({
  id: `${from}-${to}`,
  from: { node: from, port: 'out' },
  to: { node: to, port: 'in' },
})
const email = 'email_marketing'
const flow = {
  nodes: [
    node('read', 'csv_file', { origin: { kind: 'upload', file: { id: 'any' } } }),
    node('adults', 'filter', {
      condition: {
        kind: 'group',
        match: 'all',
        rules: [{ kind: 'rule', field: 'age', operator: 'at_least', value: 18 }],
      },
    }),
    node('consent', 'consent_filter', {
      purposes: [email],
      lookAt: 'record',
      fields: [{ purpose: email, field: 'ok', granted: 'yes' }],
    }),
    node('file', 'file_export', { columns: ['name'], purposes: [email] }),
  ],
  wires: [wire('read', 'adults'), wire('adults', 'consent'), wire('consent', 'file')],
}

describe('heddle', () => {
  it('lists its commands, tells its version, and helps with a wrong word', async () => {
    const help = await heddle(['--help'])
    expect(help.code).toBe(0)
    for (const command of ['start', 'dev', 'worker', 'server', 'doctor', 'lint', 'run', 'node'])
      expect(help.out).toContain(`\n  ${command}`)
    expect((await heddle(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/)
    const wrong = await heddle(['lnit'])
    expect(wrong).toMatchObject({ code: 1, err: expect.stringContaining('lint') as string })
  })

  it('lints a saved flow, and ends with 1 when it has errors', async () => {
    await writeFile(at('flow.json'), JSON.stringify(flow))
    expect(await heddle(['lint', at('flow.json')])).toEqual({
      code: 0,
      out: 'No problems.\n',
      err: '',
    })
    const unsafe = { ...flow, wires: [wire('read', 'adults'), wire('adults', 'file')] }
    await writeFile(at('unsafe.json'), JSON.stringify({ draft: unsafe }))
    const said = await heddle(['lint', at('unsafe.json')])
    expect(said.code).toBe(1)
    expect(said.out).toContain('error: People can reach "File" without their consent')
  })

  it.each<[what: string, text: string, said: string]>([
    ['no JSON', '{"nodes": [', 'holds no flow: '],
    ['another shape', '{"nodes":[{"id":"a"}],"wires":[]}', 'nodes.0.type: '],
    ['a tree without end', deepFlow(100_000), 'more than 100 deep'],
  ])('says what is wrong with a file of %s', async (_what, text, part) => {
    await writeFile(at('bad.json'), text)
    const said = await heddle(['lint', at('bad.json')])
    expect(said).toMatchObject({ code: 1, out: '' })
    expect(said.err).toContain(part)
    expect(said.err).not.toContain('    at ')
  })

  it('runs a saved flow dry on a file, with counts, reasons and what would be sent', async () => {
    await writeFile(at('in.csv'), 'name,age,ok\nAda,36,yes\nTim,12,yes\nEva,40,no\n')
    const said = await heddle(['run', at('flow.json'), '--input', at('in.csv')])
    expect(said.code).toBe(0)
    const rows = said.out.split('\n').map((line) => line.trim().replace(/ {2,}/g, ' '))
    expect(rows).toEqual(
      expect.arrayContaining([
        'CSV file 3 3 0 0',
        'Filter 3 2 1 0',
        '1 × The conditions of the filter are not met.',
        'Consent filter 2 1 1 0',
        'File would get:',
        'Ada',
      ]),
    )
    expect(said.out).not.toContain('Eva')
  })

  it.each<[args: string[], said: string]>([
    [['lint', 'missing.json'], 'There is no file missing.json'],
    [['run', 'flow.json', '--input', 'missing.csv'], 'There is no file missing.csv'],
    [['run', 'flow.json', '--input', 'in.csv', '--rows', 'x'], '--rows must be a whole number'],
    [['run', 'flow.json'], "required option '--input <file>' not specified"],
    [['node', 'new', 'Bad Name'], 'no name for a node type'],
    [['node', 'test', 'missing'], 'There is no folder missing'],
    [['token', 'create', '--role', 'king'], 'There is no role "king"'],
    [['token', 'create', '--role', 'owner', '--home', 'none'], 'No instance runs'],
    [['worker'], 'needs MONGODB_URI and TEMPORAL_ADDRESS'],
    [['server'], 'needs MONGODB_URI and TEMPORAL_ADDRESS'],
  ])('%j ends with 1 and a sentence', async (args, part) => {
    const said = await heddle(args)
    expect(said).toMatchObject({ code: 1, out: '' })
    expect(said.err).toContain(part)
    expect(said.err).not.toContain('    at ')
  })

  it('prints a token that is stored as a digest only', async () => {
    const uri = inject('mongoUri')
    const home = at('home')
    const said = await heddle(['token', 'create', '--role', 'operator', '--home', home], {
      MONGODB_URI: uri,
    })
    expect(said).toMatchObject({ code: 0, out: expect.stringMatching(/^hdl_\S+\n$/) as string })
    const database = await connectDatabase({ uri })
    const tokens = await database.collection('tokens').find().toArray()
    await database.collection('tokens').deleteMany({})
    await database.close()
    expect(tokens).toHaveLength(1)
    expect(JSON.stringify(tokens)).not.toContain(said.out.trim())
  })

  it('tells whether the audit log holds, and where it was changed', async () => {
    const uri = new URL(inject('mongoUri'))
    const env = { MONGODB_URI: uri.href, HEDDLE_SECRET_KEY: Buffer.alloc(32, 9).toString('base64') }
    const database = await connectDatabase({ uri: uri.href })
    await database.collection('audit').deleteMany({})
    await database.collection('settings').deleteMany({ _id: 'audit_head' as never })
    const made = await heddle(['key', 'create', '--source', 'Audited', '--home', folder], env)
    expect(made.code).toBe(0)
    const held = await heddle(['audit', 'verify', '--home', folder], env)
    expect(held).toMatchObject({ code: 0, out: expect.stringContaining('1 entries') as string })
    await database.collection('audit').updateOne({}, { $set: { who: 'somebody else' } })
    const broken = await heddle(['audit', 'verify', '--home', folder], env)
    expect(broken).toMatchObject({ code: 1, err: expect.stringContaining('entry 1') as string })
    await database.collection('audit').deleteMany({})
    await database.collection('settings').deleteMany({ _id: 'audit_head' as never })
    await database.close()
  })

  it('writes a node type with a fixture and a test that passes, and names its folder', async () => {
    const made = await heddle(['node', 'new', 'loyalty_points'])
    expect(made.code).toBe(0)
    expect(await readFile(at('heddle.config.ts'), 'utf8')).toContain("folders: ['heddle-nodes']")
    const files = ['loyalty-points.ts', 'loyalty-points.fixture.json', 'loyalty-points.test.ts']
    for (const file of files) expect(made.out).toContain(`Wrote heddle-nodes/${file}`)
    const test = await heddle(['node', 'test'])
    expect(test.code).toBe(0)
    expect(test.out).toMatch(/Tests .*9 passed/)

    const again = await heddle(['node', 'new', 'loyalty_points'])
    expect(again).toMatchObject({
      code: 1,
      err: expect.stringContaining('is there already') as string,
    })

    const file = at('heddle-nodes/loyalty-points.ts')
    const text = await readFile(file, 'utf8')
    await writeFile(file, text.replace('toUpperCase', 'toLowerCase'))
    const failed = await heddle(['node', 'test', 'heddle-nodes'])
    expect(failed.code).toBe(1)
    expect(failed.out + failed.err).toContain('writes capital letters')
    await writeFile(file, text)
  })

  it('uses own node types in lint and run, and names those it could not load', async () => {
    const mine = {
      ...flow,
      nodes: [...flow.nodes, node('points', 'loyalty_points', { field: 'name' })],
      wires: [wire('read', 'points'), wire('points', 'adults'), ...flow.wires.slice(1)],
    }
    await writeFile(at('mine.json'), JSON.stringify(mine))
    await writeFile(at('heddle-nodes/broken.ts'), '\nexport const = 1\n')
    const linted = await heddle(['lint', at('mine.json')])
    expect(linted.code).toBe(0)
    expect(linted.err).toContain('heddle-nodes/broken.ts:2: node type not loaded: ')
    const said = await heddle(['run', at('mine.json'), '--input', at('in.csv')])
    expect(said.out).toContain('\nADA\n')
  })
})

/** Text of a flow whose condition holds groups within groups. */
function deepFlow(depth: number): string {
  const open = '{"kind":"group","match":"all","rules":['
  const tree = `${open.repeat(depth)}${']}'.repeat(depth)}`
  return `{"nodes":[{"id":"a","type":"filter","version":1,"config":{"condition":${tree}}}],"wires":[]}`
}
