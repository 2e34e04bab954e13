/**
 * Ends the processes Heddle started when Heddle itself is killed so hard that it cannot do it.
 * Standard input is a pipe from Heddle: lines "+pid" and "-pid" say what to watch; its end says that
 * Heddle is gone. Plain JavaScript, so that it starts at once and stays small.
 */
import { createInterface } from 'node:readline'

const graceMs = Number(process.argv[2] ?? 10_000)
const watched = new Set()

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {})

const lines = createInterface({ input: process.stdin })
lines.on('line', (line) => {
  const pid = Number(line.slice(1))
  if (line.startsWith('+')) watched.add(pid)
  else watched.delete(pid)
})
lines.on('close', () => void endAll())

async function endAll() {
  for (const pid of watched) send(pid, 'SIGTERM')
  const deadline = Date.now() + graceMs
  while (Date.now() < deadline && [...watched].some(isAlive)) {
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  for (const pid of watched) if (isAlive(pid)) send(pid, 'SIGKILL')
}

function isAlive(pid) {
  return send(pid, 0)
}

/** Each watched process leads a group of its own, so what it started goes with it. */
function send(pid, signal) {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal)
    return true
  } catch {
    return false
  }
}
