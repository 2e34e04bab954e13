/** A note on the canvas: a text with a colour, moved by its grip, made larger by dragging or buttons. */
import { NodeResizeControl, NodeToolbar, Position, type NodeProps } from '@xyflow/react'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { tintSchema, type Note } from '../../engine/contract/flow.ts'
import { useFlow } from '../document/flow-store.ts'
import { IconButton } from '../ui/button.tsx'
import { useCanvasActions } from './canvas-actions.ts'

const SMALLEST = { width: 120, height: 72 }
const STEP = 40

const changeNote = (id: string, change: Partial<Omit<Note, 'id'>>, about?: string): void =>
  useFlow.getState().edit({ kind: 'change_note', id, change }, { key: 'change_note' }, about)

export const NoteCard = memo(function NoteCard({ id, selected }: NodeProps) {
  const { t } = useTranslation()
  const actions = useCanvasActions()
  const note = useFlow((state) =>
    state.history.document.graph.notes?.find((known) => known.id === id),
  )
  if (!note) return null
  return (
    <div className="note" data-tint={note.tint}>
      <NodeToolbar isVisible={selected && actions !== undefined} position={Position.Top}>
        <NoteTools note={note} onRemove={() => actions?.remove([id])} />
      </NodeToolbar>
      <div className="note-grip" title={t('note.move')} aria-hidden="true" />
      <textarea
        className="nodrag nowheel"
        aria-label={t('note.text')}
        placeholder={t('note.placeholder')}
        value={note.text}
        maxLength={4_000}
        readOnly={!actions}
        onFocus={() => useFlow.getState().select([id])}
        onKeyDown={(event) => event.stopPropagation()}
        onChange={(event) => changeNote(id, { text: event.target.value }, `note:${id}`)}
      />
      {actions && (
        <NodeResizeControl
          className="note-corner"
          position="bottom-right"
          minWidth={SMALLEST.width}
          minHeight={SMALLEST.height}
          onResizeEnd={(_event, { width, height }) =>
            changeNote(id, { size: { width: Math.round(width), height: Math.round(height) } })
          }
        />
      )}
    </div>
  )
})

function NoteTools({ note, onRemove }: { note: Note; onRemove(): void }) {
  const { t } = useTranslation()
  const resize = (by: number) =>
    changeNote(note.id, {
      size: {
        width: Math.max(SMALLEST.width, note.size.width + by),
        height: Math.max(SMALLEST.height, note.size.height + by / 2),
      },
    })
  return (
    <div className="floating-tools nodrag" role="toolbar" aria-label={t('note.tools')}>
      <TintChoices
        tint={note.tint}
        name={`tint-${note.id}`}
        onChoose={(tint) => changeNote(note.id, { tint })}
      />
      <IconButton icon="minus" label={t('note.smaller')} onClick={() => resize(-STEP)} />
      <IconButton icon="plus" label={t('note.bigger')} onClick={() => resize(STEP)} />
      <IconButton icon="trash" label={t('note.remove')} onClick={onRemove} />
    </div>
  )
}

export function TintChoices({
  tint,
  name,
  onChoose,
}: {
  tint: Note['tint']
  name: string
  onChoose(tint: Note['tint']): void
}) {
  const { t } = useTranslation()
  return (
    <span className="tints" role="radiogroup" aria-label={t('note.colour')}>
      {tintSchema.options.map((option) => (
        <label key={option} className="tint" data-tint={option} title={t(`tint.${option}`)}>
          <input
            type="radio"
            name={name}
            checked={option === tint}
            aria-label={t(`tint.${option}`)}
            onChange={() => onChoose(option)}
          />
        </label>
      ))}
    </span>
  )
}
