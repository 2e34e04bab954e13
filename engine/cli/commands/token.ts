/** `heddle token create`: an API token, made on the machine itself. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { userRoleSchema } from '../../contract/api/route.ts'
import { resolveHome } from '../../local/home.ts'
import { createToken } from '../../server/auth/create-token.ts'
import { connectDatabase } from '../../store/database.ts'
import { MONGO_ADDRESS_FILE, readKey } from '../settings.ts'

export async function createApiToken(options: { role: string; name: string; home?: string }) {
  const role = userRoleSchema.safeParse(options.role)
  if (!role.success)
    throw new Error(
      `There is no role "${options.role}". Roles: ${userRoleSchema.options.join(', ')}.`,
    )
  const home = resolveHome({ option: options.home })
  const uri = process.env['MONGODB_URI'] ?? (await savedAddress(home))
  const database = await connectDatabase({ uri })
  try {
    const secretsKey = await readKey(home, 'HEDDLE_SECRET_KEY', 'secrets')
    console.log(
      await createToken({ database, secretsKey }, { name: options.name, roles: [role.data] }),
    )
  } finally {
    await database.close()
  }
}

const savedAddress = (home: string): Promise<string> =>
  readFile(path.join(home, 'secrets', MONGO_ADDRESS_FILE), 'utf8').catch(() => {
    throw new Error(
      'No instance runs with this home folder. Start it first, or name it: --home DIR.',
    )
  })
