/** The same flow as a table: every operation without a picture. Also the view of phones. */
import { useTranslation } from 'react-i18next'
import type { Estimate } from '../../engine/contract/api/dry-runs.ts'
import type { FlowNode, Wire } from '../../engine/contract/flow.ts'
import { droppedTotal, failedTotal, outTotal } from '../../engine/contract/counts.ts'
import { wiresFrom } from '../../engine/flow/walk.ts'
import { useNodeCounts } from '../canvas/counts-store.ts'
import { marginOf, useEstimate } from '../canvas/estimate-store.ts'
import { outPortsOf } from '../document/can-connect.ts'
import { useFlow, useGraph } from '../document/flow-store.ts'
import { readingOrder } from '../document/walk-focus.ts'
import type { FlowCommands } from '../flow/flow-commands.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { formatNumber, formatPercent } from '../ui/format.ts'
import { Icon, RoleMark } from '../ui/icons.tsx'
import { Badge, EmptyState } from '../ui/parts.tsx'
import { Menu } from '../ui/popover.tsx'
import { nodeTitle, portTitle, typeTitle } from '../words/node-words.ts'

interface OutlineProps {
  onAdd(): void
  onAddAfter(from: Wire['from']): void
  onConnect(id: string): void
  /** Puts a step into a wire. */
  onAddInto?(wire: Wire): void
  /** Shows the records at a step; absent where flows may not be tried out. */
  onShowData?: ((id: string) => void) | undefined
  commands: Pick<FlowCommands, 'remove' | 'cutWire'> & Partial<Pick<FlowCommands, 'duplicateStep'>>
}

export function Outline(props: OutlineProps) {
  const { t } = useTranslation()
  const graph = useGraph()
  const readOnly = useFlow((state) => state.readOnly)
  const steps = readingOrder(graph)
  return (
    <div className="outline">
      <div className="outline-head">
        <h2>{t('outline.title', { count: steps.length })}</h2>
        {!readOnly && (
          <Button icon="plus" onClick={props.onAdd}>
            {t('palette.addStep')}
          </Button>
        )}
      </div>
      {steps.length === 0 ? (
        <EmptyState icon="flows" title={t('flow.emptyTitle')} text={t('flow.emptyText')} />
      ) : (
        <table className="table outline-table">
          <thead>
            <tr>
              <th className="number">{t('outline.place')}</th>
              <th>{t('outline.step')}</th>
              <th>{t('outline.goesTo')}</th>
              <th>{t('outline.counts')}</th>
              <th>
                <span className="only-spoken">{t('outline.actions')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {steps.map((node, i) => (
              <Row key={node.id} node={node} place={i + 1} {...props} />
            ))}
          </tbody>
        </table>
      )}
    </div>
  )
}

function Row({
  node,
  place,
  onAddAfter,
  onAddInto,
  onShowData,
  onConnect,
  commands,
}: OutlineProps & { node: FlowNode; place: number }) {
  const { t } = useTranslation()
  const graph = useGraph()
  const { catalog, readOnly, openStep, analysis } = useFlow()
  const entry = catalog.get(node.type)
  const name = nodeTitle(node, entry)
  const problems = (analysis?.problems ?? []).filter((problem) => problem.nodeId === node.id)
  const outPorts = outPortsOf(node, catalog)
  const titleOf = (id: string) => {
    const target = graph.nodes.find((known) => known.id === id)
    return target ? nodeTitle(target, catalog.get(target.type)) : id
  }
  return (
    <tr>
      <td className="number">{place}</td>
      <td>
        <div className="outline-step">
          {entry && <RoleMark role={entry.role} />}
          <button
            type="button"
            className="link"
            id={`step-${node.id}`}
            onClick={() => openStep(node.id, '')}
          >
            {name}
          </button>
          <small>{entry ? typeTitle(entry) : node.type}</small>
          {problems.length > 0 && (
            <Badge
              tone={problems.some((p) => p.severity === 'error') ? 'bad' : 'warn'}
              icon="warning"
            >
              {t('problems.button', { count: problems.length })}
            </Badge>
          )}
        </div>
      </td>
      <td>
        <ul className="outline-wires">
          {wiresFrom(graph, node.id).map((wire) => (
            <li key={wire.id}>
              {outPorts.length > 1 && (
                <small>
                  {portTitle(
                    entry,
                    outPorts.find((port) => port.name === wire.from.port) ?? {
                      name: wire.from.port,
                      title: wire.from.port,
                    },
                  )}
                  {' → '}
                </small>
              )}
              {titleOf(wire.to.node)}
              {!readOnly && onAddInto && (
                <IconButton
                  icon="plus"
                  label={t('outline.addInto', { from: name, to: titleOf(wire.to.node) })}
                  onClick={() => onAddInto(wire)}
                />
              )}
              {!readOnly && (
                <IconButton
                  icon="close"
                  label={t('outline.cut', { from: name, to: titleOf(wire.to.node) })}
                  onClick={() => commands.cutWire(wire.id)}
                />
              )}
            </li>
          ))}
        </ul>
      </td>
      <td>
        <Counts id={node.id} isConsent={entry?.role === 'consent'} />
      </td>
      <td className="actions">
        {!readOnly && (
          <Menu
            button={<Icon name="more" />}
            label={t('outline.actionsOf', { name })}
            className="icon-button"
            align="end"
            items={[
              { text: t('outline.configure'), onChoose: () => openStep(node.id, '') },
              ...(outPorts.length > 0
                ? [
                    { text: t('canvas.connectTo'), onChoose: () => onConnect(node.id) },
                    ...outPorts.map((port) => ({
                      text:
                        outPorts.length > 1
                          ? t('outline.addAfterPort', { port: portTitle(entry, port) })
                          : t('canvas.addAfter'),
                      onChoose: () => onAddAfter({ node: node.id, port: port.name }),
                    })),
                  ]
                : []),
              ...(onShowData
                ? [{ text: t('data.showHere'), onChoose: () => onShowData(node.id) }]
                : []),
              ...(commands.duplicateStep
                ? [
                    {
                      text: t('selection.duplicate'),
                      onChoose: () => commands.duplicateStep?.(node.id),
                    },
                  ]
                : []),
              {
                text: t('inspector.remove'),
                danger: true,
                onChoose: () => commands.remove([node.id]),
              },
            ]}
          />
        )}
      </td>
    </tr>
  )
}

function Counts({ id, isConsent }: { id: string; isConsent: boolean }) {
  const { t } = useTranslation()
  const counts = useNodeCounts(id)
  const estimate = useEstimate((state) => state.estimate)
  if (!counts) return <Estimated id={id} estimate={estimate} />
  const dropped = droppedTotal(counts)
  const failed = failedTotal(counts)
  return (
    <div className="outline-counts">
      <span>
        {t('outline.inOut', { in: formatNumber(counts.in), out: formatNumber(outTotal(counts)) })}
      </span>
      {dropped > 0 && (
        <small>
          {t(isConsent ? 'counts.heldBack' : 'counts.dropped', { n: formatNumber(dropped) })}
        </small>
      )}
      {failed > 0 && (
        <small className="bad">{t('counts.failed', { n: formatNumber(failed) })}</small>
      )}
    </div>
  )
}

/** What is told from a sample, while nothing was counted. */
function Estimated({ id, estimate }: { id: string; estimate: Estimate | undefined }) {
  const { t } = useTranslation()
  const ports = Object.values(estimate?.wires[id] ?? {})
  if (ports.length === 0) return null
  return (
    <div className="outline-counts">
      {ports.map((range, i) => {
        const margin = marginOf(range)
        const n = formatNumber(range.n)
        return (
          <span key={i}>
            {margin === undefined
              ? t('outline.on', { n })
              : t('outline.about', { n, margin: formatPercent(Math.min(margin, 9.99)) })}
          </span>
        )
      })}
    </div>
  )
}
