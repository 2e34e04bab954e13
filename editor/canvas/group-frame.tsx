/** A group: a titled frame around its steps; folded, one card that stands for them. */
import { Handle, Position, type NodeProps } from '@xyflow/react'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { StepGroup } from '../../engine/contract/flow.ts'
import { useFlow } from '../document/flow-store.ts'
import { IconButton } from '../ui/button.tsx'
import { Icon } from '../ui/icons.tsx'
import { useCanvasActions } from './canvas-actions.ts'
import { useFocus } from './focus-store.ts'
import { TintChoices } from './note-card.tsx'
import { FOLD_PORTS } from './to-drawing.ts'

const change = (
  id: string,
  to: Partial<Omit<StepGroup, 'id'>>,
  key: string,
  about?: string,
): void => useFlow.getState().edit({ kind: 'change_group', id, change: to }, { key }, about)

export const GroupFrame = memo(function GroupFrame({ id }: NodeProps) {
  const group = useFlow((state) =>
    state.history.document.graph.groups?.find((known) => known.id === id),
  )
  if (!group) return null
  return group.folded ? <FoldedGroup group={group} /> : <OpenGroup group={group} />
})

function OpenGroup({ group }: { group: StepGroup }) {
  const { t } = useTranslation()
  const actions = useCanvasActions()
  return (
    <div className="group-frame" data-tint={group.tint}>
      <div className="group-grip">
        <input
          className="nodrag"
          aria-label={t('group.title')}
          placeholder={t('group.untitled')}
          value={group.title}
          maxLength={120}
          readOnly={!actions}
          onKeyDown={(event) => event.stopPropagation()}
          onChange={(event) =>
            change(group.id, { title: event.target.value }, 'change_group', `group:${group.id}`)
          }
        />
        {actions && (
          <>
            <TintChoices
              tint={group.tint}
              name={`tint-${group.id}`}
              onChoose={(tint) => change(group.id, { tint }, 'change_group')}
            />
            <IconButton
              icon="minus"
              className="nodrag"
              label={t('group.fold')}
              onClick={() => change(group.id, { folded: true }, 'fold_group')}
            />
            <IconButton
              icon="close"
              className="nodrag"
              label={t('group.ungroup')}
              onClick={() => actions.ungroup(group.id)}
            />
          </>
        )}
      </div>
    </div>
  )
}

function FoldedGroup({ group }: { group: StepGroup }) {
  const { t } = useTranslation()
  const actions = useCanvasActions()
  const focused = useFocus(
    (state) => state.current !== undefined && group.nodes.includes(state.current),
  )
  const problems = useFlow(
    (state) =>
      (state.analysis?.problems ?? []).filter(
        ({ nodeId }) => nodeId !== undefined && group.nodes.includes(nodeId),
      ).length,
  )
  const title = group.title || t('group.untitled')
  const steps = t('flows.steps', { count: group.nodes.length })
  return (
    <div className="card folded" data-tint={group.tint}>
      <Handle id={FOLD_PORTS.in} type="target" position={Position.Left} isConnectable={false} />
      <button
        type="button"
        className="card-main group-grip"
        id={`fold-${group.id}`}
        tabIndex={focused ? 0 : -1}
        aria-expanded="false"
        aria-label={t('group.foldedName', { title, steps })}
        onDoubleClick={() => actions && change(group.id, { folded: false }, 'unfold_group')}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !actions) return
          event.preventDefault()
          change(group.id, { folded: false }, 'unfold_group')
        }}
      >
        <Icon name="copy" size={22} />
        <span className="card-text">
          <strong>{title}</strong>
          <small>{steps}</small>
        </span>
        {problems > 0 && (
          <span className="card-problem warning">
            <Icon name="warning" size={15} />
            {problems}
          </span>
        )}
      </button>
      {actions && (
        <IconButton
          icon="plus"
          className="unfold nodrag"
          label={t('group.unfold')}
          onClick={() => change(group.id, { folded: false }, 'unfold_group')}
        />
      )}
      <Handle id={FOLD_PORTS.out} type="source" position={Position.Right} isConnectable={false} />
    </div>
  )
}
