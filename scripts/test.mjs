/**
 * `npm test`: installs what is missing, runs every suite and ends with one plain line,
 * `N passed, N failed`. `--all` adds the heavy suites (faults, whole-product runs); every other
 * argument goes to vitest.
 */
import { requireNode } from '../bin/node-version.mjs'

requireNode()

const { mkdtempSync, readFileSync, rmSync } = await import('node:fs')
const { spawn } = await import('node:child_process')
const { createRequire } = await import('node:module')
const { tmpdir } = await import('node:os')
const { dirname, join } = await import('node:path')
const { ensurePackages, projectRoot } = await import('../bin/packages.mjs')
const { runTypeScript } = await import('../bin/run-typescript.mjs')
const { countTests, sayCounts } = await import('./count-tests.mjs')

const args = process.argv.slice(2)
const projects = ['unit', 'integration', 'browser', ...(args.includes('--all') ? ['heavy'] : [])]
const forVitest = args.filter((arg) => arg !== '--all')

await ensurePackages()
process.exitCode = (await binariesReady()) ? await runSuites() : 1

async function binariesReady() {
  const code = await runTypeScript('engine/local/ensure-binaries.ts', [])
  if (code !== 0) console.log('0 passed, 1 failed')
  return code === 0
}

async function runSuites() {
  const folder = mkdtempSync(join(tmpdir(), 'heddle-test-report-'))
  try {
    const report = join(folder, 'report.json')
    const exitCode = await runVitest(report)
    const counts = countTests(readReport(report), exitCode)
    console.log(sayCounts(counts))
    return counts.failed > 0 || counts.passed === 0 ? exitCode || 1 : exitCode
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function runVitest(report) {
  const vitest = join(
    dirname(createRequire(import.meta.url).resolve('vitest/package.json')),
    'vitest.mjs',
  )
  const options = projects.flatMap((project) => ['--project', project])
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const child = spawn(process.execPath, [vitest, 'run', ...options, ...reporters, ...forVitest], {
    cwd: projectRoot,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const stop = (signal) => child.kill(signal)
  process.on('SIGTERM', stop)
  // A terminal sends Ctrl-C to vitest itself; this process only has to live until vitest ends.
  process.on('SIGINT', () => process.stdin.isTTY || stop('SIGINT'))
  return new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 1)))
}

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}
