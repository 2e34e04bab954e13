/** People's requests, and everything that is known of one person. */
import { Readable } from 'node:stream'
import { RejectedError } from '../../contract/error.ts'
import { ConflictError, NotFoundError } from '../../store/store-errors.ts'
import type { SomeHandlers } from '../call.ts'
import type { ServerContext } from '../context.ts'
import type { OutputStream } from '../parts.ts'
import { personPage } from '../person-page.ts'

type Ids =
  | 'requestList'
  | 'requestCreate'
  | 'requestRead'
  | 'requestAct'
  | 'requestAnswer'
  | 'requestEvidence'
  | 'findMyData'
  | 'suppressionLift'

export function requestRoutes({ parts: { requests }, audit }: ServerContext): SomeHandlers<Ids> {
  const need = async (id: string) => {
    const found = await requests.read(id)
    if (!found) throw new NotFoundError('request')
    return found
  }
  return {
    requestList: ({ query }) => requests.list(query),
    async requestCreate({ body, caller, note }) {
      const made = await requests.create({ ...body, by: caller.name })
      note({ subject: made.id, details: { kind: made.kind, law: made.law } })
      return made
    },
    requestRead: ({ params }) => need(params.id),
    async requestAct({ body, caller, note }) {
      const items = []
      for (const id of body.ids) {
        try {
          await requests.act(id, body.action, {
            id: caller.id,
            who: caller.name,
            note: body.note,
          })
          items.push({ id, ok: true })
        } catch (error) {
          if (!isTold(error)) throw error
          items.push({ id, ok: false, message: error.message })
        }
      }
      note({ subject: 'requests', details: { action: body.action, ids: body.ids } })
      return { items }
    },
    async requestAnswer({ params, query, note }) {
      const { id, kind } = await need(params.id)
      const report = await requests.answer(id)
      if (!report)
        throw new RejectedError(
          'request_is_forgotten',
          'The request is over, and whom it was about was forgotten with it.',
        )
      note({ subject: id, details: { kind, format: query.format } })
      return query.format === 'html'
        ? file(`your-data-${id}.html`, 'text/html; charset=utf-8', personPage(report))
        : file(`your-data-${id}.json`, 'application/json', JSON.stringify(report, null, 2))
    },
    async requestEvidence({ params }) {
      const { subject: _, ...request } = await need(params.id)
      const verdict = await audit.verifyAudit()
      const pack = { request, audit: verdict, madeAt: new Date().toISOString() }
      return file(`request-${request.id}.json`, 'application/json', JSON.stringify(pack, null, 2))
    },
    async findMyData({ body, note }) {
      const report = await requests.find(body)
      note({ subject: report?.profileIds[0] ?? 'nobody', details: { type: body.type } })
      return report ? { report } : {}
    },
    async suppressionLift({ body, note }) {
      const lifted = await requests.lift(body.identifiers)
      note({ subject: 'suppressions', details: { lifted } })
      return { ok: true, lifted }
    },
  }
}

const isTold = (error: unknown): error is Error =>
  error instanceof RejectedError || error instanceof ConflictError || error instanceof NotFoundError

function file(name: string, mediaType: string, text: string): OutputStream {
  const bytes = Buffer.from(text)
  return { name, mediaType, bytes: bytes.length, stream: Readable.from([bytes]) }
}
