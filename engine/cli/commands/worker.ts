/** `heddle worker`: one worker on the MongoDB and Temporal named by the environment. */
import { resolveHome } from '../../local/home.ts'
import { runWorker } from '../../worker/main.ts'
import { neededServices } from '../settings.ts'

export async function worker(options: { home?: string }): Promise<void> {
  await runWorker({ ...neededServices('worker'), home: resolveHome({ option: options.home }) })
}
