/** Finds steps on the canvas by words, `is:`, `uses:` and `sends:`, and goes from one to the next. */
import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { findSteps } from '../document/find-steps.ts'
import { useFlow, useGraph } from '../document/flow-store.ts'
import { readingOrder } from '../document/walk-focus.ts'
import { IconButton } from '../ui/button.tsx'
import { Icon } from '../ui/icons.tsx'
import { nodeTitle, typeTitle } from '../words/node-words.ts'
import { useFound } from './found-store.ts'
import { showStep } from './focus-store.ts'

const EXAMPLES = ['is:problem', 'uses:email', 'sends:'] as const

export function FindBar({ onClose }: { onClose(): void }) {
  const { t } = useTranslation()
  const graph = useGraph()
  const catalog = useFlow((state) => state.catalog)
  const analysis = useFlow((state) => state.analysis)
  const [query, setQuery] = useState('')
  const [at, setAt] = useState(0)
  const found = useMemo(() => {
    const order = readingOrder(graph)
    return findSteps({ ...graph, nodes: order }, query, {
      catalog,
      analysis,
      textOf: (node) => {
        const entry = catalog.get(node.type)
        return `${nodeTitle(node, entry)} ${entry ? typeTitle(entry) : ''} ${node.type}`
      },
    })
  }, [graph, query, catalog, analysis])
  useEffect(() => {
    useFound.setState({ found: query.trim() === '' ? undefined : new Set(found) })
    return () => useFound.setState({ found: undefined })
  }, [found, query])
  const goTo = (i: number) => {
    const id = found[(i + found.length) % found.length]
    if (id === undefined) return
    setAt((i + found.length) % found.length)
    showStep(id)
    useFlow.getState().select([id])
  }
  const close = () => {
    onClose()
    const id = found[at]
    if (id !== undefined) document.getElementById(`step-${id}`)?.focus()
  }
  return (
    <div className="find-bar" role="search" aria-label={t('find.title')}>
      <Icon name="search" size={16} />
      <input
        autoFocus
        type="search"
        aria-label={t('find.title')}
        placeholder={t('find.placeholder')}
        value={query}
        onChange={(event) => {
          setQuery(event.target.value)
          setAt(0)
        }}
        onKeyDown={(event) => {
          event.stopPropagation()
          if (event.key === 'Escape') close()
          if (event.key === 'Enter') goTo(isFirst(found, at) ? at : at + (event.shiftKey ? -1 : 1))
        }}
      />
      <span className="find-count" role="status">
        {query.trim() === ''
          ? ''
          : found.length === 0
            ? t('find.none')
            : t('find.found', { at: at + 1, count: found.length })}
      </span>
      {query.trim() === '' &&
        EXAMPLES.map((example) => (
          <button key={example} type="button" className="chip" onClick={() => setQuery(example)}>
            {example}
          </button>
        ))}
      <IconButton icon="up" label={t('find.previous')} onClick={() => goTo(at - 1)} />
      <IconButton icon="down" label={t('find.next')} onClick={() => goTo(at + 1)} />
      <IconButton icon="close" label={t('ui.close')} onClick={close} />
    </div>
  )
}

/** The first Enter shows the first step, and does not jump over it. */
const isFirst = (found: readonly string[], at: number): boolean =>
  at === 0 && !useFlow.getState().selected.has(found[0] ?? '')
