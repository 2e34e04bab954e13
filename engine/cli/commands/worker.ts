/** `heddle worker`: one worker on the MongoDB and Temporal named by the environment. */
import { resolveHome } from '../../local/home.ts'
import { runWorker } from '../../worker/main.ts'
import { neededServices } from '../settings.ts'

export async function worker(options: { home?: string; dev?: boolean }): Promise<void> {
  const home = resolveHome({ option: options.home })
  await runWorker({ ...neededServices('worker'), home, dev: options.dev ?? false })
}
