/** A flow of pure steps through Temporal and the stage runner, beside a bare stream. */
import path from 'node:path'
import { alternate, type Bench } from './bench.ts'
import { transformBare, type Transformed } from './bare-transform.ts'
import { consentFlow, writeConsentEvents } from './support/consent-events.ts'
import { openRunner, startPart, withServices, type BenchRunner } from './support/product.ts'

const WARM_UP_EVENTS = 20_000

export const pureFlow: Bench = {
  name: 'pure-flow',
  run: (options) =>
    withServices(async (services) => {
      const file = path.join(services.folder, 'events.ndjson')
      const warm = path.join(services.folder, 'warm-up.ndjson')
      await writeConsentEvents(file, options.events)
      await writeConsentEvents(warm, WARM_UP_EVENTS)
      const runner = await openRunner(services)
      const worker = await startPart(services, ['worker'])
      try {
        let bare: Transformed | undefined
        await transformBare(warm, `${warm}.out`)
        await runner.run(consentFlow(warm))
        const { limit, product } = await alternate(
          options,
          async () => {
            bare = await transformBare(file, `${file}.out`)
            return options.events / bare.seconds
          },
          async () => options.events / (await runProduct(runner, file, bare)),
        )
        return {
          value: product,
          unit: 'events/s',
          limit,
          compares: 'ratio',
          bar: 0.5,
          better: 'more',
        }
      } finally {
        await worker.stop()
        await runner.stop()
      }
    }),
}

/** Seconds; the outcome must be the bare loop's, byte for byte in number. */
async function runProduct(
  { run, dataPlane }: BenchRunner,
  file: string,
  bare: Transformed | undefined,
): Promise<number> {
  const { view, seconds } = await run(consentFlow(file))
  const [size] = await dataPlane.outputs.sizes(view.id)
  if (size?.rows !== bare?.kept || size?.bytes !== bare?.bytes)
    throw new Error('The flow wrote another file than the bare loop.')
  return seconds
}
