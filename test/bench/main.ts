/** `npm run bench [-- name …] [--events N] [--rounds N]`: one JSON line a bench on standard output. */
import { parseArgs } from 'node:util'
import { toLine } from './bench.ts'
import { benches } from './list.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    events: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '1' },
    quiet: { type: 'boolean', default: false },
  },
})

const say = (name: string) => (line: string) => {
  if (!values.quiet) console.error(`${name}: ${line}`)
}

function choose() {
  const unknown = positionals.filter((name) => !benches.some((bench) => bench.name === name))
  const names = benches.map(({ name }) => name).join(', ')
  if (unknown.length > 0)
    throw new Error(`There is no bench "${unknown[0] ?? ''}". Benches: ${names}.`)
  return benches.filter(({ name }) => positionals.length === 0 || positionals.includes(name))
}

function wholeNumber(option: 'events' | 'rounds'): number {
  const n = Number(values[option])
  if (!Number.isInteger(n) || n < 1)
    throw new Error(`--${option} must be a whole number from 1 on.`)
  return n
}

async function runAll(): Promise<void> {
  const options = { events: wholeNumber('events'), rounds: wholeNumber('rounds') }
  for (const bench of choose()) {
    const line = toLine(bench.name, await bench.run({ ...options, say: say(bench.name) }))
    console.log(JSON.stringify(line))
    if (!line.ok) process.exitCode = 1
  }
}

await runAll().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
