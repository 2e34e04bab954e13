/** Makes an API token on the machine itself: `heddle token create`. */
import type { UserRole } from '../../contract/api/route.ts'
import { createAuditLog } from '../../store/audit.ts'
import type { Database } from '../../store/database.ts'
import { createTokenStore } from '../../store/tokens.ts'

export interface CreateTokenDeps {
  database: Database
  secretsKey: Buffer
}

/** Returns the token, which is not kept and cannot be shown again. */
export async function createToken(
  { database, secretsKey }: CreateTokenDeps,
  input: { name: string; roles: UserRole[] },
): Promise<string> {
  const { token, view } = await createTokenStore(database).create(input)
  await createAuditLog(database, secretsKey).append({
    who: 'command line',
    action: 'tokenCreate',
    subject: view.id,
    details: { name: input.name, roles: input.roles },
  })
  return token
}
