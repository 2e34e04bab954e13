/** Node's own client: tests' receivers are on this machine, where the egress client may not go. */
import type { Egress } from '../../engine/egress/create-egress.ts'

export const ownHttp: Pick<Egress, 'request'> = {
  async request({ url, signal, timeoutMs: _, ...request }) {
    const given = await fetch(url, {
      ...request,
      redirect: 'manual',
      ...(signal ? { signal } : {}),
    })
    return {
      status: given.status,
      headers: Object.fromEntries(given.headers),
      body: await given.text(),
      truncated: false,
    }
  },
}
