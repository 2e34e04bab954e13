/** What the installation is and has: health, the API's own page, node types, purposes, the sample. */
import { RejectedError, RetryableError } from '../../contract/error.ts'
import { readCaller } from '../auth/caller.ts'
import type { SomeHandlers } from '../call.ts'
import type { ServerContext } from '../context.ts'
import { sendCatalogEvents } from '../catalog-events.ts'
import { createOpenApi } from '../openapi.ts'

type Ids =
  'health' | 'openapi' | 'catalog' | 'catalogEvents' | 'purposesWrite' | 'sampleRead' | 'sampleLoad'

export function workspaceRoutes(context: ServerContext): SomeHandlers<Ids> {
  const { parts, options, settings } = context
  const page = createOpenApi(options)
  return {
    async health() {
      const { ok, parts: states } = await parts.health()
      const down = Object.keys(states).filter((name) => states[name] !== 'up')
      if (!ok || down.length > 0)
        throw new RetryableError('not_up', `These parts are not up yet: ${down.join(', ')}.`, {
          afterMs: 1_000,
        })
      const up = Object.keys(states).map((name) => [name, 'up' as const] as const)
      return { ok: true, version: options.version, parts: Object.fromEntries(up) }
    },

    async openapi() {
      return page
    },

    async catalog() {
      return {
        entries: [...parts.registry.catalog()],
        broken: [...parts.registry.broken()],
        purposes: await settings.readPurposes(),
        version: parts.registry.version(),
        changes: parts.registry.watches,
      }
    },

    async catalogEvents({ req, res }) {
      sendCatalogEvents({
        res,
        registry: parts.registry,
        stillAllowed: async () => (await readCaller(context, req)) !== undefined,
      })
    },

    async purposesWrite({ body, note }) {
      const keys = body.purposes.map(({ key }) => key)
      const twice = keys.find((key, i) => keys.indexOf(key) !== i)
      if (twice !== undefined)
        throw new RejectedError(
          'purpose_twice',
          `Two purposes have the key "${twice}". Give one of them another key.`,
        )
      note({ subject: 'purposes', details: { keys } })
      return { purposes: await settings.writePurposes(body.purposes) }
    },

    async sampleRead() {
      return parts.sample.state()
    },

    async sampleLoad({ note }) {
      note({ subject: 'sample' })
      return parts.sample.load()
    },
  }
}
