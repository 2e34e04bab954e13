/** Puts every row of the route table onto the app. What is not in the table is not there; what is has
 *  its access checked before anything of the call is read. */
import { pipeline } from 'node:stream/promises'
import type { Express, Request, Response } from 'express'
import { routes, type RouteId } from '../contract/api.ts'
import { type Route } from '../contract/api/route.ts'
import type { Json } from '../contract/json.ts'
import { readCaller, refuseAccess, type Caller } from './auth/caller.ts'
import { refuseCrossSite } from './auth/same-origin.ts'
import type { AuditNote, Call, Handlers, Page } from './call.ts'
import type { ServerContext } from './context.ts'
import type { OutputStream } from './parts.ts'
import { pickBodyReader, readInput } from './read-input.ts'
import { RefusedError } from './refused.ts'

type AnyHandler = (call: Call<RouteId>) => Promise<unknown>
interface Entry {
  id: RouteId
  route: Route
  handle: AnyHandler
}

/** Throws at start when table and handlers differ. */
export function registerRoutes(app: Express, context: ServerContext, handlers: Handlers): void {
  for (const [path, entries] of byPath(handlers)) {
    app.all(path, (req, res, next) => {
      const method = req.method === 'HEAD' ? 'GET' : req.method
      const entry = entries.find(({ route }) => route.method === method)
      if (!entry || (req.method === 'HEAD' && entry.route.answers)) throw wrongMethod(entries)
      void answer(entry, { context, req, res }).catch(next)
    })
  }
  app.use('/api', () => {
    throw new RefusedError(
      404,
      'no_such_route',
      'The API has no such address. See /api/openapi.json.',
    )
  })
}

/** Paths without parameters first, so that `/flows/analyse` is not taken for a flow. */
function byPath(handlers: Handlers): Map<string, Entry[]> {
  const declared = Object.entries(routes) as Array<[RouteId, Route]>
  const undeclared = Object.keys(handlers).filter((id) => !Object.hasOwn(routes, id))
  if (undeclared.length > 0)
    throw new Error(`These routes are not in the route table: ${undeclared.join(', ')}.`)
  const paths = new Map<string, Entry[]>()
  const parameters = ([, route]: [RouteId, Route]) => route.path.split(':').length
  for (const [id, route] of [...declared].sort((a, b) => parameters(a) - parameters(b))) {
    const handle = handlers[id] as AnyHandler | undefined
    if (!handle) throw new Error(`The route ${id} has no handler in engine/server/routes.`)
    paths.set(route.path, [...(paths.get(route.path) ?? []), { id, route, handle }])
  }
  return paths
}

const wrongMethod = (entries: readonly Entry[]): RefusedError => {
  const allowed = entries.map(({ route }) => route.method).join(', ')
  return new RefusedError(405, 'wrong_method', `Here only ${allowed} is answered.`, {
    Allow: allowed,
  })
}

interface Exchange {
  context: ServerContext
  req: Request
  res: Response
}

async function answer(entry: Entry, exchange: Exchange): Promise<void> {
  const { context, req, res } = exchange
  const { route, handle } = entry
  const caller = await authorise(entry, exchange)
  await readBody(route, req, res)
  const note: AuditNote = {}
  const call = {
    ...readInput(route, req),
    caller,
    req,
    res,
    note: ({ details, ...more }: AuditNote) =>
      Object.assign(note, more, { details: { ...note.details, ...details } }),
  } as Call<RouteId>
  const result = await handle(call)
  if (isAudited(route)) await audit({ entry, context, caller, note, req })
  if (route.answers === 'file') await sendFile(result as OutputStream, res)
  // Only what the contract names leaves, whatever a store hands over.
  else if (route.answers === 'page') sendPage(result as Page, res)
  else if (route.answers !== 'events') res.json(route.answer.parse(result))
}

async function authorise(
  { id, route }: Entry,
  { context, req }: Exchange,
): Promise<Caller | undefined> {
  refuseCrossSite(req, context.cookies.readSession(req) !== undefined)
  const caller = await readCaller(context, req)
  try {
    refuseAccess(route.access, caller)
  } catch (error) {
    context.options.log.warn({ route: id, caller: caller?.id ?? 'unknown' }, 'A call was refused')
    throw error
  }
  return caller
}

const readBody = (route: Route, req: Request, res: Response): Promise<void> =>
  new Promise((resolve, reject) => {
    const done = (error?: unknown): void => {
      if (error instanceof Error) reject(error)
      else resolve()
    }
    pickBodyReader(route)(req, res, done)
  })

const isAudited = (route: Route): boolean =>
  route.reveals === true || (route.method !== 'GET' && !route.reads)

interface AuditedCall {
  entry: Entry
  context: ServerContext
  caller: Caller | undefined
  note: AuditNote
  req: Request
}

/** Written before the answer leaves: nothing is shown or confirmed that the audit does not know. */
async function audit({ entry, context, caller, note, req }: AuditedCall): Promise<void> {
  // A link's signature opens a person's page: it is no one else's to read.
  const { id, token: _, ...others } = req.params as Record<string, string>
  await context.audit.append({
    who: note.who ?? caller?.who ?? 'unknown',
    action: entry.id,
    subject: note.subject ?? id ?? '',
    details: { ...(others as Record<string, Json>), ...note.details },
  })
}

/** Forms on these pages post to where they are: with no referrer at all, browsers hide that from us. */
function sendPage(page: Page, res: Response): void {
  res.set({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'same-origin' })
  if ('goTo' in page) res.redirect(303, page.goTo)
  else res.type('html').send(page.html)
}

async function sendFile({ name, mediaType, bytes, stream }: OutputStream, res: Response) {
  res.attachment(name)
  res.set({ 'Content-Type': mediaType, 'Content-Length': String(bytes) })
  await pipeline(stream, res)
}
