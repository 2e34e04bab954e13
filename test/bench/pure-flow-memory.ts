/** The worker's memory must not grow with the input: its peak at a tenth of the events and at all. */
import path from 'node:path'
import type { Bench } from './bench.ts'
import { consentFlow, writeConsentEvents } from './support/consent-events.ts'
import { peakMemory } from './support/peak-memory.ts'
import { openRunner, startPart, withServices, type BenchServices } from './support/product.ts'

export const pureFlowMemory: Bench = {
  name: 'pure-flow-memory',
  run: ({ events, say }) =>
    withServices(async (services) => {
      const few = await peakOf(services, Math.ceil(events / 10))
      say(`a tenth of the events: ${few.toFixed(0)} MiB`)
      const all = await peakOf(services, events)
      say(`all events: ${all.toFixed(0)} MiB`)
      return { value: all, unit: 'MiB', limit: few, compares: 'ratio', bar: 1.2, better: 'less' }
    }),
}

/** Peak of a fresh worker that runs the flow once. */
async function peakOf(services: BenchServices, events: number): Promise<number> {
  const file = path.join(services.folder, `events-${events}.ndjson`)
  await writeConsentEvents(file, events)
  const runner = await openRunner(services)
  const worker = await startPart(services, ['worker'])
  try {
    await runner.run(consentFlow(file))
    return await peakMemory(worker.pid)
  } finally {
    await worker.stop()
    await runner.stop()
  }
}
