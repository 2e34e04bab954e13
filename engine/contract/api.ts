/** Every route of the JSON API: who may call it, what it takes, what it answers. The server, the
 *  OpenAPI page, the editor's client and the access test are all made from this table; each area's
 *  rows stand in `api/`. */
import { blocksRoutes } from './api/blocks.ts'
import { connectionsRoutes } from './api/connections.ts'
import { dryRunsRoutes } from './api/dry-runs.ts'
import { consentRoutes } from './api/consent.ts'
import { filesRoutes } from './api/files.ts'
import { flowsRoutes } from './api/flows.ts'
import { identityRoutes } from './api/identity.ts'
import { profilesRoutes } from './api/profiles.ts'
import { requestsRoutes } from './api/requests.ts'
import { retentionRoutes } from './api/retention.ts'
import { runsRoutes } from './api/runs.ts'
import { sessionRoutes } from './api/session.ts'
import { sourcesRoutes } from './api/sources.ts'
import { workspaceRoutes } from './api/workspace.ts'
import type { Route } from './api/route.ts'

/** The table. Keys are operation ids. */
export const routes = {
  ...workspaceRoutes,
  ...sessionRoutes,
  ...flowsRoutes,
  ...dryRunsRoutes,
  ...blocksRoutes,
  ...runsRoutes,
  ...filesRoutes,
  ...profilesRoutes,
  ...identityRoutes,
  ...connectionsRoutes,
  ...consentRoutes,
  ...requestsRoutes,
  ...retentionRoutes,
  ...sourcesRoutes,
} as const satisfies Record<string, Route>

export type RouteId = keyof typeof routes
