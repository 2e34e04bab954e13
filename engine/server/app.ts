/** The Express app: fences first, then the API from the route table, then the editor. */
import express, { type Express, type RequestHandler } from 'express'
import { createHostCheck } from './auth/same-origin.ts'
import { createServerContext, type ServerContext } from './context.ts'
import type { Handlers } from './call.ts'
import { createErrorHandler } from './on-error.ts'
import type { ServerOptions, ServerParts } from './parts.ts'
import { registerRoutes } from './register-routes.ts'
import { accessRoutes } from './routes/access.ts'
import { auditRoutes } from './routes/audit.ts'
import { blockRoutes } from './routes/blocks.ts'
import { connectionRoutes } from './routes/connections.ts'
import { consentRoutes } from './routes/consent.ts'
import { identityRoutes } from './routes/identity.ts'
import { deadLetterRoutes } from './routes/dead-letters.ts'
import { dryRunRoutes } from './routes/dry-runs.ts'
import { fileRoutes } from './routes/files.ts'
import { flowRoutes } from './routes/flows.ts'
import { preferenceRoutes } from './routes/preferences.ts'
import { profileRoutes } from './routes/profiles.ts'
import { requestRoutes } from './routes/requests.ts'
import { retentionRoutes } from './routes/retention.ts'
import { runRoutes } from './routes/runs.ts'
import { sessionRoutes } from './routes/session.ts'
import { sourceRoutes } from './routes/sources.ts'
import { workspaceRoutes } from './routes/workspace.ts'
import { createSecurityHeaders } from './security-headers.ts'
import { serveEditor } from './serve-editor.ts'

export function createApp(parts: ServerParts, options: ServerOptions): Express {
  const context = createServerContext(parts, options)
  const app = express()
  app.disable('x-powered-by')
  app.enable('case sensitive routing')
  app.enable('strict routing')
  app.set('query parser', 'simple')
  app.set('trust proxy', options.trustProxy ?? false)
  app.use(logCalls(options))
  const { publicUrl, editorFromSource } = options
  app.use(createSecurityHeaders(publicUrl, { fromSource: editorFromSource !== undefined }))
  app.use(checkHost(publicUrl))
  if (editorFromSource)
    app.use((req, res, next) => {
      if (SOURCES.test(req.path)) editorFromSource(req, res, next)
      else next()
    })
  registerRoutes(app, context, gatherHandlers(context))
  if (editorFromSource) app.use(editorFromSource)
  else serveEditor(app, options.editorFolder)
  app.use(createErrorHandler(options.log))
  return app
}

/** The editor's own folder `api` lies where the API does; no route of it ends so. */
const SOURCES = /^\/api\/[\w/-]+\.tsx?$/

const gatherHandlers = (context: ServerContext): Handlers => ({
  ...accessRoutes(context),
  ...auditRoutes(context),
  ...blockRoutes(context),
  ...connectionRoutes(context),
  ...consentRoutes(context),
  ...identityRoutes(context),
  ...preferenceRoutes(context),
  ...deadLetterRoutes(context),
  ...dryRunRoutes(context),
  ...fileRoutes(context),
  ...flowRoutes(context),
  ...profileRoutes(context),
  ...requestRoutes(context),
  ...retentionRoutes(context),
  ...runRoutes(context),
  ...sessionRoutes(context),
  ...sourceRoutes(context),
  ...workspaceRoutes(context),
})

function checkHost(publicUrl: string): RequestHandler {
  const refuse = createHostCheck(publicUrl)
  return (req, _res, next) => {
    refuse(req)
    next()
  }
}

/** Method, route and time. No addresses: they hold what people searched for. */
function logCalls({ log }: ServerOptions): RequestHandler {
  return (req, res, next) => {
    const started = performance.now()
    res.once('finish', () => {
      const route: unknown = (req.route as { path?: unknown } | undefined)?.path
      const ms = Math.round(performance.now() - started)
      log.debug({ method: req.method, route, status: res.statusCode, ms }, 'call')
    })
    next()
  }
}
