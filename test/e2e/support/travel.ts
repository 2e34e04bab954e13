/** Goes all journeys with one kind of hands, on one page after the other. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, it } from 'vitest'
import type { Hands } from './hands.ts'
import { JOURNEYS } from './journeys.ts'
import { openReceiver, type Receiver } from './receiver.ts'
import { visit, type Visit } from './visit.ts'

/** `place` is that of the port among those the product's webhooks may call. */
export function travel(hands: Hands, place: number): void {
  const port = inject('receiverPorts')[place] ?? 0
  let receiver: Receiver
  let open: Visit
  beforeAll(async () => {
    receiver = await openReceiver(port)
  })
  afterAll(() => receiver?.close())
  beforeEach(async () => {
    open = await visit()
    await open.context.grantPermissions(['clipboard-read', 'clipboard-write'])
  })
  afterEach(() => open.context.close())

  it.each(JOURNEYS)('$name', async ({ go }) => {
    const tag = `${hands.kind[0] ?? ''}${Math.random().toString(36).slice(2, 8)}`
    await go({ page: open.page, hands, receiver, port, tag })
    expect(open.errors).toEqual([])
  })
}
