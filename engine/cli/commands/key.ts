/** `heddle key create`: the write key of a source, which is made when there is none of that name. */
import { resolveHome } from '../../local/home.ts'
import { createAuditLog } from '../../store/audit.ts'
import { createSourceStore } from '../../store/sources.ts'
import { withDatabase } from '../saved-address.ts'
import { readKey } from '../settings.ts'

export async function createWriteKey(options: { source: string; home?: string }) {
  const home = resolveHome({ option: options.home })
  const secretsKey = await readKey(home, 'HEDDLE_SECRET_KEY', 'secrets')
  await withDatabase(home, async (database) => {
    const { sourceId, key } = await createSourceStore(database).keyFor(
      options.source,
      'Command line',
    )
    await createAuditLog(database, secretsKey).append({
      who: 'command line',
      action: 'sourceCreate',
      subject: sourceId,
      details: { name: options.source },
    })
    console.log(key)
  })
}
