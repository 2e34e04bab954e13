/** A step on the canvas. Light: it reads what it shows from stores, by its own id. */
import { Handle, Position, type NodeProps } from '@xyflow/react'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { FlowNode } from '../../engine/contract/flow.ts'
import type { CatalogEntry } from '../../engine/contract/catalog.ts'
import { outPortsOf } from '../document/can-connect.ts'
import { useFlow } from '../document/flow-store.ts'
import { PORTS } from '../document/tidy-flow.ts'
import { Icon, RoleMark } from '../ui/icons.tsx'
import { nodeTitle, portTitle, typeTitle } from '../words/node-words.ts'
import { useCanvasActions } from './canvas-actions.ts'
import { CountBadge } from './count-badge.tsx'
import { useFocus } from './focus-store.ts'
import { useFound } from './found-store.ts'

const portTop = (i: number, count: number): string =>
  count === 1 ? '50%' : `${PORTS.first + i * PORTS.each}px`

export const StepCard = memo(function StepCard({ id, selected }: NodeProps) {
  const node = useFlow((state) => state.history.document.graph.nodes.find((n) => n.id === id))
  const entry = useFlow((state) => state.catalog.get(node?.type ?? ''))
  if (!node) return null
  return <Card node={node} entry={entry} selected={selected} />
})

function Card({
  node,
  entry,
  selected,
}: {
  node: FlowNode
  entry: CatalogEntry | undefined
  selected: boolean
}) {
  const { t } = useTranslation()
  const actions = useCanvasActions()
  const errors = useFlow((state) => countProblems(state.analysis?.problems, node.id, 'error'))
  const warnings = useFlow((state) => countProblems(state.analysis?.problems, node.id, 'warning'))
  const open = useFlow((state) => state.open === node.id)
  const place = useFocus((state) => state.order.get(node.id))
  const total = useFocus((state) => state.order.size)
  const focused = useFocus((state) => state.current === node.id)
  const mark = useFound(({ found }) => (found ? (found.has(node.id) ? 'found' : 'not-found') : ''))
  const catalog = useFlow((state) => state.catalog)
  const outPorts = outPortsOf(node, catalog)
  const inPorts = entry?.inPorts ?? []
  const title = nodeTitle(node, entry)
  const kind = entry ? typeTitle(entry) : t('canvas.unknownType', { type: node.type })
  // A step without a name of its own is called as its type already.
  const about = kind === title ? '' : kind
  const spoken = [
    t('canvas.stepPlace', { place: place ?? 0, total }),
    ...(errors > 0 ? [t('canvas.errors', { count: errors })] : []),
    ...(warnings > 0 ? [t('canvas.warnings', { count: warnings })] : []),
  ].join(', ')
  const rows = Math.max(inPorts.length, outPorts.length)
  return (
    <div
      className={`card ${selected ? 'selected' : ''} ${open ? 'open' : ''} ${mark}`}
      data-role={entry?.role ?? 'unknown'}
      style={rows > 1 ? { minHeight: PORTS.first + rows * PORTS.each + 8 } : {}}
    >
      <button
        type="button"
        className="card-main"
        id={`step-${node.id}`}
        tabIndex={focused ? 0 : -1}
        onFocus={() => useFocus.setState({ current: node.id })}
        onDoubleClick={() => actions?.openStep(node.id)}
      >
        {entry ? (
          <RoleMark role={entry.role} {...(entry.icon ? { own: entry.icon } : {})} size={34} />
        ) : (
          <Icon name="error" />
        )}
        <span className="card-text">
          <strong>{title}</strong>
          {about && <small>{about}</small>}
          <span className="only-spoken">{spoken}</span>
        </span>
        {(errors > 0 || warnings > 0) && (
          <span className={`card-problem ${errors > 0 ? 'error' : 'warning'}`} aria-hidden="true">
            <Icon name={errors > 0 ? 'error' : 'warning'} size={15} />
            {errors + warnings}
          </span>
        )}
      </button>
      <CountBadge nodeId={node.id} entry={entry} />
      {inPorts.map((port, i) => (
        <Handle
          key={port.name}
          id={port.name}
          type="target"
          position={Position.Left}
          className={port.accepts.length === 1 ? 'needs-people' : ''}
          style={{ top: portTop(i, rows) }}
          title={portTitle(entry, port)}
        >
          {inPorts.length > 1 && <span className="port-name in">{portTitle(entry, port)}</span>}
        </Handle>
      ))}
      {outPorts.map((port, i) => (
        <Handle
          key={port.name}
          id={port.name}
          type="source"
          position={Position.Right}
          style={{ top: portTop(i, rows) }}
          title={portTitle(entry, port)}
        >
          {outPorts.length > 1 && <span className="port-name out">{portTitle(entry, port)}</span>}
        </Handle>
      ))}
      {actions &&
        outPorts.map((port, i) => (
          <PortPlus key={port.name} node={node.id} port={port.name} top={portTop(i, rows)} />
        ))}
    </div>
  )
}

const countProblems = (
  problems: ReadonlyArray<{ nodeId?: string | undefined; severity: string }> | undefined,
  id: string,
  severity: string,
): number =>
  (problems ?? []).filter((problem) => problem.nodeId === id && problem.severity === severity)
    .length

/** A way to add what comes next, on ports that lead nowhere yet. */
function PortPlus({ node, port, top }: { node: string; port: string; top: string }) {
  const { t } = useTranslation()
  const actions = useCanvasActions()
  const used = useFlow((state) =>
    state.history.document.graph.wires.some(
      (wire) => wire.from.node === node && wire.from.port === port,
    ),
  )
  if (used) return null
  return (
    <button
      type="button"
      className="port-plus nodrag"
      style={{ top }}
      tabIndex={-1}
      aria-label={t('canvas.addAfter')}
      title={t('canvas.addAfter')}
      onClick={() => actions?.addAfter({ node, port })}
    >
      <Icon name="plus" size={14} />
    </button>
  )
}
