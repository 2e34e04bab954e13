/** What people do to the open flow, from canvas, outline and keyboard alike: one action, one entry. */
import type { TFunction } from 'i18next'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { CatalogEntry } from '../../engine/contract/catalog.ts'
import type { Wire } from '../../engine/contract/flow.ts'
import { listOutPorts } from '../../engine/contract/node.ts'
import { canConnect, fitsInto, kindFrom, type Connectable } from '../document/can-connect.ts'
import { readClipping } from '../document/clipboard.ts'
import type { Place } from '../document/edit-graph.ts'
import { currentGraph, useFlow } from '../document/flow-store.ts'
import { makeNode, makeWire } from '../document/make-node.ts'
import { CARD, tidyFlow } from '../document/tidy-flow.ts'
import { focusAfterRemoval } from '../document/walk-focus.ts'
import { focusStep } from '../canvas/use-canvas-keys.ts'
import { createDrawingCommands } from './drawing-commands.ts'
import { announce, notify } from '../ui/notices.tsx'
import { nodeTitle, typeTitle } from '../words/node-words.ts'

const GAP = 80

const facts = () => {
  const { catalog, analysis } = useFlow.getState()
  return { catalog, shapes: analysis?.shapes }
}
const nodeOf = (id: string) => currentGraph().nodes.find((node) => node.id === id)
const nameOf = (id: string): string => {
  const node = nodeOf(id)
  return node ? nodeTitle(node, facts().catalog.get(node.type)) : id
}

export const asksToConnect = (from: Wire['from'], to: Wire['to']): Connectable =>
  canConnect(currentGraph(), from, to, facts())

/** Whether a new step of this type may follow a port. */
export function mayFollow(from: Wire['from'], entry: CatalogEntry): boolean {
  const kind = kindFrom(currentGraph(), from, facts())
  return entry.inPorts.some((port) => port.accepts.includes(kind))
}

export const mayEnter = (wire: Wire, entry: CatalogEntry): boolean =>
  fitsInto(currentGraph(), wire, entry, facts()) !== undefined

export function useFlowCommands() {
  const { t } = useTranslation()
  return useMemo(() => createCommands(t), [t])
}
export type FlowCommands = ReturnType<typeof createCommands>

function createCommands(t: TFunction) {
  const edit = useFlow.getState().edit
  const drawing = createDrawingCommands(t)

  function add(
    entry: CatalogEntry,
    at: Place,
    wires: (id: string) => Wire[] = () => [],
    cut: string[] = [],
  ) {
    const node = makeNode(entry, at)
    edit(
      { kind: 'add_node', node, wires: wires(node.id), cut },
      { key: 'add_node', values: { name: typeTitle(entry) } },
    )
    announce(t('spoken.added', { name: typeTitle(entry) }))
    useFlow.getState().openStep(node.id, '')
    return node.id
  }

  function addInto(
    wire: Pick<Wire, 'from' | 'to'> & { id?: string },
    entry: CatalogEntry,
  ): string | undefined {
    const ports = fitsInto(currentGraph(), wire, entry, facts())
    if (!ports) {
      notify(t('refused.no_fit', { name: typeTitle(entry) }), { tone: 'error' })
      return undefined
    }
    const a = nodeOf(wire.from.node)?.position ?? { x: 0, y: 0 }
    const b = nodeOf(wire.to.node)?.position ?? a
    const at = freePlace({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 })
    return add(
      entry,
      at,
      (id) => [
        makeWire(wire.from, { node: id, port: ports.inPort }),
        makeWire({ node: id, port: ports.outPort }, wire.to),
      ],
      wire.id === undefined ? [] : [wire.id],
    )
  }

  function addAfter(from: Wire['from'], entry: CatalogEntry): string | undefined {
    const kind = kindFrom(currentGraph(), from, facts())
    const port = entry.inPorts.find((known) => known.accepts.includes(kind))
    const before = nodeOf(from.node)?.position ?? { x: 0, y: 0 }
    const at = freePlace({ x: before.x + CARD.width + GAP, y: before.y })
    return add(entry, at, (id) => (port ? [makeWire(from, { node: id, port: port.name })] : []))
  }

  function connect(from: Wire['from'], to: Wire['to']): boolean {
    const answer = asksToConnect(from, to)
    if (answer.ok) {
      const values = { from: nameOf(from.node), to: nameOf(to.node) }
      edit({ kind: 'connect', wire: makeWire(from, to) }, { key: 'connect', values })
      announce(t('spoken.connected', values))
      return true
    }
    refuse(answer, from, to)
    return false
  }

  function refuse(answer: Exclude<Connectable, { ok: true }>, from: Wire['from'], to: Wire['to']) {
    const fix = answer.fixType === undefined ? undefined : facts().catalog.get(answer.fixType)
    const text = t(`refused.${answer.reason}`, { from: nameOf(from.node), to: nameOf(to.node) })
    notify(text, {
      tone: 'error',
      ...(fix
        ? {
            action: {
              text: t('refused.putBetween', { name: typeTitle(fix) }),
              onChoose: () => putBetween(from, to, fix),
            },
          }
        : {}),
    })
  }

  /** Puts the step that makes it possible between the two; wires in its way end there instead. */
  function putBetween(from: Wire['from'], to: Wire['to'], entry: CatalogEntry) {
    const inPort = entry.inPorts[0]
    const outPort = listOutPorts(entry.outPorts, {})[0]
    if (!inPort || !outPort) return
    const full = currentGraph().wires.filter(
      (wire) => wire.to.node === to.node && wire.to.port === to.port,
    )
    const a = nodeOf(from.node)?.position ?? { x: 0, y: 0 }
    const b = nodeOf(to.node)?.position ?? a
    add(
      entry,
      freePlace({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 + 60 }),
      (id) => [
        ...[from, ...full.map((wire) => wire.from)].map((end) =>
          makeWire(end, { node: id, port: inPort.name }),
        ),
        makeWire({ node: id, port: outPort.name }, to),
      ],
      full.map((wire) => wire.id),
    )
  }

  /** Puts a step that stands alone into the wire it was dropped on. */
  function spliceInto(nodeId: string, wireId: string) {
    const graph = currentGraph()
    const wire = graph.wires.find((known) => known.id === wireId)
    const node = nodeOf(nodeId)
    const entry = node && facts().catalog.get(node.type)
    const wired = graph.wires.some((w) => w.from.node === nodeId || w.to.node === nodeId)
    if (!wire || !entry || wired) return
    const ports = fitsInto(graph, wire, entry, facts())
    if (!ports) return notify(t('refused.no_fit', { name: nameOf(nodeId) }), { tone: 'error' })
    const wires = [
      makeWire(wire.from, { node: nodeId, port: ports.inPort }),
      makeWire({ node: nodeId, port: ports.outPort }, wire.to),
    ]
    const values = { name: nameOf(nodeId) }
    edit({ kind: 'splice_node', wires, cut: wireId }, { key: 'splice_node', values })
    announce(t('spoken.spliced', values))
  }

  function remove(ids: readonly string[]) {
    if (ids.length === 0) return
    const next = focusAfterRemoval(currentGraph(), new Set(ids))
    const first = ids[0] ?? ''
    const name = ids.length === 1 ? nameOf(first) : t('edits.steps', { count: ids.length })
    edit({ kind: 'remove_nodes', ids }, { key: 'remove_nodes', values: { name } })
    const { open, openStep } = useFlow.getState()
    if (open !== undefined && ids.includes(open)) openStep(undefined)
    announce(t('spoken.removed', { name }))
    focusStep(next)
  }

  function cutWire(id: string) {
    const wire = currentGraph().wires.find((known) => known.id === id)
    if (!wire) return
    const values = { from: nameOf(wire.from.node), to: nameOf(wire.to.node) }
    edit({ kind: 'disconnect', wireIds: [id] }, { key: 'disconnect', values })
    useFlow.getState().selectWire(undefined)
    announce(t('spoken.disconnected', values))
  }

  function place(entry: CatalogEntry, at: Place, wireId?: string) {
    const wire = currentGraph().wires.find((known) => known.id === wireId)
    if (wire && mayEnter(wire, entry)) return addInto(wire, entry)
    return add(entry, at)
  }

  /** From the palette: after the open step where that fits, else beside the others. */
  function addFromPalette(entry: CatalogEntry) {
    const from = looseEnd()
    if (from && mayFollow(from, entry)) return addAfter(from, entry)
    const { nodes } = currentGraph()
    if (nodes.length === 0) return add(entry, { x: 0, y: 0 })
    const left = Math.min(...nodes.map(({ position }) => position.x))
    const last = nodes.reduce((a, b) => (b.position.x > a.position.x ? b : a))
    return entry.role === 'source'
      ? add(entry, freePlace({ x: left, y: nodes[0]?.position.y ?? 0 }))
      : add(entry, freePlace({ x: last.position.x + CARD.width + GAP, y: last.position.y }))
  }

  function tidy() {
    const { selected } = useFlow.getState()
    const positions = tidyFlow({
      graph: currentGraph(),
      catalog: facts().catalog,
      ids: selected.size > 1 ? selected : undefined,
    })
    edit({ kind: 'move_nodes', positions }, { key: 'tidy' })
    announce(t('spoken.tidied'))
  }

  async function copy() {
    const steps = drawing.clipping()
    if (!steps) return
    await navigator.clipboard.writeText(JSON.stringify(steps))
    announce(t('spoken.copied', { count: steps.nodes.length + (steps.notes?.length ?? 0) }))
  }

  function paste(text: string) {
    const clipping = readClipping(text)
    if (clipping) drawing.put(clipping, { key: 'paste', values: { count: clipping.nodes.length } })
  }

  function undo() {
    const label = useFlow.getState().undo()
    if (label) announce(t('spoken.undone', { what: t(`edits.${label.key}`, { ...label.values }) }))
  }

  function redo() {
    const label = useFlow.getState().redo()
    if (label) announce(t('spoken.redone', { what: t(`edits.${label.key}`, { ...label.values }) }))
  }

  return {
    ...drawing,
    addInto,
    addAfter,
    addFromPalette,
    connect,
    spliceInto,
    remove,
    cutWire,
    place,
    tidy,
    copy,
    paste,
    undo,
    redo,
  }
}

/** The port a new step most likely follows: of the open step, else the only one that leads nowhere. */
export function looseEnd(): Wire['from'] | undefined {
  const { open, catalog } = useFlow.getState()
  const { nodes, wires } = currentGraph()
  const loose = nodes.flatMap((node) =>
    wires.some((wire) => wire.from.node === node.id)
      ? []
      : listOutPorts(catalog.get(node.type)?.outPorts ?? [], node.config)
          .slice(0, 1)
          .map((port) => ({ node: node.id, port: port.name })),
  )
  return loose.find(({ node }) => node === open) ?? (loose.length === 1 ? loose[0] : undefined)
}

/** Below whatever is there already. */
function freePlace({ x, y }: Place): Place {
  const taken = (at: number) =>
    currentGraph().nodes.some(
      ({ position }) =>
        Math.abs(position.x - x) < CARD.width && Math.abs(position.y - at) < CARD.height + 20,
    )
  let free = y
  while (taken(free)) free += CARD.height + 40
  return { x, y: free }
}
