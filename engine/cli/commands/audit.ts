/** `heddle audit verify`: walks the whole log of who did what, and tells where it does not hold. */
import { resolveHome } from '../../local/home.ts'
import { createAuditLog } from '../../store/audit.ts'
import { withDatabase } from '../saved-address.ts'
import { readKey } from '../settings.ts'

export async function verifyAudit(options: { home?: string }): Promise<void> {
  const home = resolveHome({ option: options.home })
  const secretsKey = await readKey(home, 'HEDDLE_SECRET_KEY', 'secrets')
  await withDatabase(home, async (database) => {
    const verdict = await createAuditLog(database, secretsKey).verifyAudit()
    if (verdict.ok) {
      console.log(`The audit log holds: ${verdict.entries} entries, none changed or missing.`)
      return
    }
    console.error(
      `The audit log does not hold at entry ${verdict.seq}: ${verdict.reason} Compare it with a backup, and find out who could write to the database.`,
    )
    process.exitCode = 1
  })
}
