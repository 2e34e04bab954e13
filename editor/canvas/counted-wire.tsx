/** A wire with the number of records that went along it, and a + to put a step into it. */
import { BaseEdge, EdgeLabelRenderer, getBezierPath, type EdgeProps } from '@xyflow/react'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { currentGraph } from '../document/flow-store.ts'
import { Icon } from '../ui/icons.tsx'
import { useCanvasActions } from './canvas-actions.ts'
import { useIsEmptyWire } from './counts-store.ts'
import { labelPlace } from './label-place.ts'
import type { WireData } from './to-drawing.ts'
import { WireNumber } from './wire-number.tsx'

export const CountedWire = memo(function CountedWire(props: EdgeProps) {
  const { id, selected } = props
  const { from } = props.data as WireData
  const { t } = useTranslation()
  const actions = useCanvasActions()
  const empty = useIsEmptyWire(from.node, from.port)
  const [path] = getBezierPath(props)
  const { x, y } = labelPlace(props)
  return (
    <>
      <BaseEdge id={id} path={path} interactionWidth={24} className={empty ? 'empty-wire' : ''} />
      <EdgeLabelRenderer>
        <div
          className={`wire-label nodrag nopan ${selected ? 'selected' : ''}`}
          style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
        >
          <WireNumber from={from} />
          {actions && (
            <button
              type="button"
              className="wire-plus"
              tabIndex={-1}
              aria-label={t('canvas.addInto')}
              title={t('canvas.addInto')}
              onClick={(event) => {
                event.stopPropagation()
                const wire = currentGraph().wires.find((known) => known.id === id)
                if (wire) actions.addInto(wire)
              }}
            >
              <Icon name="plus" size={13} />
            </button>
          )}
          {actions && selected && (
            <button
              type="button"
              className="wire-plus danger"
              aria-label={t('canvas.cutWire')}
              title={t('canvas.cutWire')}
              onClick={() => actions.cutWire(id)}
            >
              <Icon name="trash" size={13} />
            </button>
          )}
        </div>
      </EdgeLabelRenderer>
    </>
  )
})
