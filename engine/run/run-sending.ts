/** Runs a step that sends on the people of a page who allow it, and counts the others by reason. */
import { emptyCounts } from '../contract/counts.ts'
import type { Fields } from '../contract/json.ts'
import type { Item } from '../contract/item.ts'
import { DELIVERED_PORT, type NodeContext, type ParsedNode } from '../contract/node.ts'
import type { DeliveryRecord } from '../contract/services.ts'
import type { WireShape } from '../contract/shape.ts'
import { ConsentChangedError, type SendGuard } from './guard-sends.ts'
import { runNode, type NodeResult } from './run-node.ts'
import type { Refusals } from './send-gate.ts'

export interface Sending {
  parsed: ParsedNode
  ctx: NodeContext
  guard: SendGuard
  /** Takes what left when the step keeps no deliveries itself. */
  disclose(rows: DeliveryRecord[]): void
}

const ANY_SHAPE: WireShape = { kind: 'people', fields: [], open: true }

export async function runSending(sending: Sending, page: Item[]): Promise<NodeResult> {
  const result: NodeResult = { counts: emptyCounts(), out: new Map(), failed: [], waiting: [] }
  let open = page
  for (;;) {
    const refusals = await sending.guard.ask(open)
    drop(result, open, refusals)
    open = refusals.size === 0 ? open : open.filter(({ id }) => !refusals.has(id))
    if (open.length === 0) return result
    try {
      for (const group of await groupByStates(sending, open))
        add(result, await runGroup(sending, group))
      return result
    } catch (error) {
      // Somebody said no while the step was sending without asking: once more, without them.
      if (!(error instanceof ConsentChangedError)) throw error
      forget(result, page, open)
    }
  }
}

/** What groups before the interrupted one gave is given again: deliveries are keyed. */
function forget(result: NodeResult, page: readonly Item[], open: readonly Item[]): void {
  const { dropped } = result.counts
  result.counts = { ...emptyCounts(), in: page.length - open.length, dropped }
  result.out.clear()
  result.failed.length = 0
  result.waiting.length = 0
}

interface Group {
  items: Item[]
  states: Readonly<Record<string, 'granted' | 'denied'>> | undefined
}

/** People who differ in a purpose the receiver takes per request never share a page. */
async function groupByStates({ parsed, guard }: Sending, items: Item[]): Promise<Group[]> {
  const purposes = parsed.privacy(ANY_SHAPE).statesPerRequest ?? []
  if (purposes.length === 0) return [{ items, states: undefined }]
  const refused = await Promise.all(purposes.map((purpose) => guard.askFor(items, [purpose])))
  const groups = new Map<string, Group>()
  for (const item of items) {
    const states = Object.fromEntries(
      purposes.map((purpose, i) => [
        purpose,
        refused[i]?.has(item.id) ? ('denied' as const) : ('granted' as const),
      ]),
    )
    const key = JSON.stringify(states)
    const group = groups.get(key) ?? { items: [], states }
    group.items.push(item)
    groups.set(key, group)
  }
  return [...groups.values()]
}

async function runGroup({ parsed, ctx, guard, disclose }: Sending, { items, states }: Group) {
  guard.begin(items)
  const result = await runNode(parsed, items, states ? { ...ctx, consentStates: states } : ctx)
  if (!parsed.uses.includes('deliveries')) disclose(toDisclosures(parsed, ctx, result))
  return result
}

/** One row for each person, however many of their records are in the file. */
function toDisclosures(parsed: ParsedNode, ctx: NodeContext, result: NodeResult): DeliveryRecord[] {
  const { purposes = [] } = parsed.privacy(ANY_SHAPE)
  const fieldsOf = createFieldReader(parsed)
  const recipient = parsed.file()?.name ?? ctx.nodeName
  const rows = new Map<string, DeliveryRecord>()
  for (const { profileId, fields } of result.out.get(DELIVERED_PORT) ?? []) {
    if (profileId === undefined || rows.has(profileId)) continue
    rows.set(profileId, {
      key: `${ctx.runId}:${ctx.nodeId}:${profileId}`,
      profileId,
      fields: fieldsOf(fields),
      purposes: [...purposes],
      recipient,
      status: 200,
    })
  }
  return [...rows.values()]
}

/** Which of an item's fields left; asked of the step once for each set of fields. */
function createFieldReader(parsed: ParsedNode): (fields: Fields) => string[] {
  const known = new Map<string, string[]>()
  return (fields) => {
    const names = Object.keys(fields)
    const key = names.join('\n')
    const before = known.get(key)
    if (before) return before
    const shape = {
      ...ANY_SHAPE,
      fields: names.map((name) => ({ name, type: 'unknown' as const })),
    }
    const sent = parsed.privacy(shape).sends?.map(({ name }) => name) ?? names
    known.set(key, sent)
    return sent
  }
}

function drop({ counts }: NodeResult, items: readonly Item[], refusals: Refusals): void {
  if (refusals.size === 0) return
  for (const { id } of items) {
    const reason = refusals.get(id)
    if (reason === undefined) continue
    counts.in += 1
    counts.dropped[reason] = (counts.dropped[reason] ?? 0) + 1
  }
}

function add(into: NodeResult, { counts, out, failed, waiting }: NodeResult): void {
  into.counts.in += counts.in
  into.counts.waiting += counts.waiting
  for (const key of ['out', 'dropped', 'failed'] as const)
    for (const [name, n] of Object.entries(counts[key]))
      into.counts[key][name] = (into.counts[key][name] ?? 0) + n
  for (const [port, items] of out) into.out.set(port, (into.out.get(port) ?? []).concat(items))
  into.failed.push(...failed)
  into.waiting.push(...waiting)
}
