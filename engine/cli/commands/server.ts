/** `heddle server`: one server on the MongoDB and Temporal named by the environment. */
import { resolveHome } from '../../local/home.ts'
import { runServer } from '../../server/main.ts'
import { neededServices } from '../settings.ts'

export async function server(options: {
  home?: string
  port: string
  host: string
  dev?: boolean
}) {
  await runServer({
    ...neededServices('server'),
    home: resolveHome({ option: options.home }),
    port: Number(options.port),
    host: options.host,
    dev: options.dev ?? false,
  })
}
