/** The tools that float over the canvas: its view, and what is selected. */
import { useReactFlow } from '@xyflow/react'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { currentGraph, useFlow } from '../document/flow-store.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { notify } from '../ui/notices.tsx'
import { useCanvasActions } from './canvas-actions.ts'
import { exportImage } from './export-image.ts'

const PAN = 160

export const ZoomBar = memo(function ZoomBar({
  onTidy,
  drawAll,
}: {
  onTidy?: () => void
  /** Draws also what is out of view; resolves when it is there. */
  drawAll(on: boolean): Promise<void>
}) {
  const { t } = useTranslation()
  const flow = useReactFlow()
  const actions = useCanvasActions()
  const name = useFlow((state) => state.history.document.name)
  const save = async () => {
    await drawAll(true)
    try {
      await exportImage(flow.getNodesBounds(flow.getNodes().filter((card) => !card.hidden)), name)
    } catch {
      notify(t('canvas.imageFailed'), { tone: 'error' })
    } finally {
      await drawAll(false)
    }
  }
  return (
    <div className="zoom-bar" role="toolbar" aria-label={t('canvas.view')}>
      <IconButton icon="plus" label={t('canvas.zoomIn')} onClick={() => void flow.zoomIn()} />
      <IconButton icon="minus" label={t('canvas.zoomOut')} onClick={() => void flow.zoomOut()} />
      <IconButton icon="fit" label={t('canvas.fit')} onClick={() => fitAll(flow)} />
      <PanButtons />
      {onTidy && (
        <IconButton
          icon="tidy"
          label={t('canvas.tidy')}
          onClick={() => {
            onTidy()
            requestAnimationFrame(() => fitAll(flow))
          }}
        />
      )}
      {actions && (
        <>
          <IconButton icon="search" label={t('find.title')} onClick={actions.find} />
          <IconButton
            icon="file"
            label={t('note.add')}
            onClick={() => actions.addNote(middleOf(flow))}
          />
        </>
      )}
      <IconButton icon="download" label={t('canvas.saveImage')} onClick={() => void save()} />
    </div>
  )
})

type Flow = ReturnType<typeof useReactFlow>

export const fitAll = (flow: Flow): void => void flow.fitView({ padding: 0.15, maxZoom: 1 })

/** The middle of what is seen, in canvas pixels. */
export function middleOf(flow: Flow): { x: number; y: number } {
  const box = document.querySelector('.canvas')?.getBoundingClientRect()
  return flow.screenToFlowPosition({
    x: (box?.left ?? 0) + (box?.width ?? 0) / 2 - 100,
    y: (box?.top ?? 0) + (box?.height ?? 0) / 2 - 60,
  })
}

/** A way to move the view without dragging it. */
function PanButtons() {
  const { t } = useTranslation()
  const flow = useReactFlow()
  const pan = (dx: number, dy: number) => () => {
    const { x, y, zoom } = flow.getViewport()
    void flow.setViewport({ x: x + dx, y: y + dy, zoom })
  }
  return (
    <>
      <IconButton icon="left" label={t('canvas.panLeft')} onClick={pan(PAN, 0)} />
      <IconButton icon="right" label={t('canvas.panRight')} onClick={pan(-PAN, 0)} />
      <IconButton icon="up" label={t('canvas.panUp')} onClick={pan(0, PAN)} />
      <IconButton icon="down" label={t('canvas.panDown')} onClick={pan(0, -PAN)} />
    </>
  )
}

/** What can be done with several selected steps at once. */
export const SelectionBar = memo(function SelectionBar({ onTidy }: { onTidy(): void }) {
  const { t } = useTranslation()
  const actions = useCanvasActions()
  const selected = useFlow((state) => state.selected)
  if (!actions || selected.size < 2) return null
  const hasSteps = currentGraph().nodes.some(({ id }) => selected.has(id))
  return (
    <div className="selection-bar" role="toolbar" aria-label={t('selection.title')}>
      <span>{t('selection.count', { count: selected.size })}</span>
      {hasSteps && (
        <>
          <Button kind="quiet" onClick={actions.group}>
            {t('group.make')}
          </Button>
          <Button kind="quiet" onClick={actions.saveBlock}>
            {t('block.save')}
          </Button>
          <Button kind="quiet" onClick={onTidy}>
            {t('canvas.tidy')}
          </Button>
        </>
      )}
      <Button kind="quiet" onClick={actions.duplicate}>
        {t('selection.duplicate')}
      </Button>
      <Button kind="danger" onClick={() => actions.remove([...selected])}>
        {t('ui.delete')}
      </Button>
    </div>
  )
})
