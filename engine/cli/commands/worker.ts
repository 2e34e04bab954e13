/** `heddle worker`: one worker on the MongoDB and Temporal named by the environment. */
import { resolveHome } from '../../local/home.ts'
import { runWorker } from '../../worker/main.ts'

export async function worker(options: { home?: string }): Promise<void> {
  const mongoUri = process.env['MONGODB_URI']
  const temporalAddress = process.env['TEMPORAL_ADDRESS']
  if (!mongoUri || !temporalAddress)
    throw new Error(
      'A worker alone needs MONGODB_URI and TEMPORAL_ADDRESS. For all parts on this machine: heddle start.',
    )
  await runWorker({ home: resolveHome({ option: options.home }), mongoUri, temporalAddress })
}
