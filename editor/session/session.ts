/** Who is signed in, and what the roles allow. The server decides; this only hides what it refuses. */
import type { RouteId } from '../../engine/contract/api.ts'
import type { UserRole } from '../../engine/contract/api/route.ts'
import type { UserView } from '../../engine/contract/api/session.ts'
import { routes } from '../../engine/contract/api.ts'
import { type Route } from '../../engine/contract/api/route.ts'
import { useApi } from '../api/use-api.ts'

export function mayCall(user: UserView | undefined, id: RouteId): boolean {
  const { access }: Route = routes[id]
  if (access === 'public') return true
  if (!user) return false
  return access === 'anyone' || user.roles.some((role: UserRole) => access.includes(role))
}

export function useSession() {
  const session = useApi('sessionRead')
  // While the server is away, whoever was signed in goes on seeing what they had open.
  const user = session.error?.status === 401 ? undefined : session.data
  return {
    user,
    waiting: session.isPending,
    error: session.error,
    may: (id: RouteId) => mayCall(user, id),
    mayEdit: mayCall(user, 'flowWrite'),
    mayOperate: mayCall(user, 'runPause'),
  }
}
