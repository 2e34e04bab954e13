/** `heddle token create`: an API token, made on the machine itself. */
import { userRoleSchema } from '../../contract/api/route.ts'
import { resolveHome } from '../../local/home.ts'
import { createToken } from '../../server/auth/create-token.ts'
import { withDatabase } from '../saved-address.ts'
import { readKey } from '../settings.ts'

export async function createApiToken(options: { role: string; name: string; home?: string }) {
  const role = userRoleSchema.safeParse(options.role)
  if (!role.success)
    throw new Error(
      `There is no role "${options.role}". Roles: ${userRoleSchema.options.join(', ')}.`,
    )
  const home = resolveHome({ option: options.home })
  const secretsKey = await readKey(home, 'HEDDLE_SECRET_KEY', 'secrets')
  await withDatabase(home, async (database) =>
    console.log(
      await createToken({ database, secretsKey }, { name: options.name, roles: [role.data] }),
    ),
  )
}
