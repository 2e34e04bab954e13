/** The settings of one step: its name, its form, and what is wrong with it. */
import type { TFunction } from 'i18next'
import { useEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { FlowNode } from '../../engine/contract/flow.ts'
import type { Problem } from '../../engine/contract/problem.ts'
import type { FieldSpec } from '../../engine/contract/shape.ts'
import { useFlow } from '../document/flow-store.ts'
import { joinPath } from '../document/settings-path.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { Icon, RoleMark } from '../ui/icons.tsx'
import { nodeTitle, typeSummary, typeTitle } from '../words/node-words.ts'
import { problemText } from '../words/problem-words.ts'
import { AboutStep } from './about-step.tsx'
import { FormContext, type FormScope } from './form-context.ts'
import { asSchema } from './form-schema.ts'
import { ObjectFields } from './schema-field.tsx'
import { useSamples } from './use-samples.ts'

const NO_FIELDS: readonly FieldSpec[] = []

interface InspectorProps {
  onClose(): void
  onRemove(id: string): void
  /** Absent where flows may not be tried out. */
  onShowData?: (id: string) => void
}

export function Inspector(props: InspectorProps) {
  const open = useFlow((state) => state.open)
  const node = useFlow((state) => state.history.document.graph.nodes.find((n) => n.id === open))
  if (!node) return null
  return <StepForm key={node.id} node={node} {...props} />
}

function StepForm({ node, onClose, onRemove, onShowData }: InspectorProps & { node: FlowNode }) {
  const { t } = useTranslation()
  const entry = useFlow((state) => state.catalog.get(node.type))
  const readOnly = useFlow((state) => state.readOnly)
  const edit = useFlow((state) => state.edit)
  const analysis = useFlow((state) => state.analysis)
  const openPath = useFlow((state) => state.openPath)
  const box = useRef<HTMLElement>(null)
  const name = useRef<HTMLInputElement>(null)

  useEffect(() => {
    const target =
      openPath === undefined ? undefined : box.current?.querySelector(`[data-path="${openPath}"]`)
    if (!target) {
      if (openPath === '') name.current?.focus()
      return
    }
    target.closest('details')?.setAttribute('open', '')
    target.scrollIntoView({ block: 'center' })
    target.querySelector<HTMLElement>('input, select, textarea, button')?.focus()
  }, [node.id, openPath])

  const problems = useMemo(
    () => (analysis?.problems ?? []).filter((problem) => problem.nodeId === node.id),
    [analysis, node.id],
  )
  const arrives = analysis?.arrives[node.id]
  const samples = useSamples(node.id, onShowData !== undefined)
  const values = { name: entry ? nodeTitle(node, entry) : node.type }
  const scope: FormScope | undefined = entry && {
    entry,
    root: asSchema(entry.form),
    config: node.config,
    fields: arrives
      ? uniqueFields(Object.values(arrives).flatMap((shape) => shape.fields))
      : NO_FIELDS,
    open: Object.values(arrives ?? {}).some((shape) => shape.open),
    samples,
    errors: new Map(problems.flatMap((p) => (p.path ? [[p.path, fieldText(p, t)]] : []))),
    readOnly,
    set: (path, value) =>
      edit(
        { kind: 'set_config', id: node.id, path, value },
        { key: 'set_config', values },
        `${node.id}:${joinPath(path)}`,
      ),
    configure: (config) =>
      edit({ kind: 'configure', id: node.id, config }, { key: 'set_config', values }),
  }
  const general = problems.filter((problem) => !problem.path)
  return (
    <section
      ref={box}
      className="inspector"
      aria-label={t('inspector.title', values)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose()
        event.stopPropagation()
      }}
    >
      <header>
        {entry && <RoleMark role={entry.role} {...(entry.icon ? { own: entry.icon } : {})} />}
        <div className="inspector-title">
          <input
            ref={name}
            aria-label={t('inspector.name')}
            value={node.name}
            maxLength={120}
            placeholder={entry ? typeTitle(entry) : node.type}
            readOnly={readOnly}
            onChange={(event) =>
              edit(
                { kind: 'rename', id: node.id, name: event.target.value },
                { key: 'rename', values },
                `${node.id}:name`,
              )
            }
          />
          <small>{entry ? typeTitle(entry) : node.type}</small>
        </div>
        <IconButton icon="close" label={t('ui.close')} onClick={onClose} />
      </header>
      <div className="inspector-body">
        {entry && <p className="summary">{typeSummary(entry)}</p>}
        {entry && <AboutStep entry={entry} />}
        {general.map((problem, i) => (
          <p key={i} className={`problem ${problem.severity}`}>
            <Icon name={problem.severity === 'error' ? 'error' : 'warning'} size={16} />
            <span>
              {problemText(problem, t).message} {problemText(problem, t).fix}
            </span>
          </p>
        ))}
        {scope ? (
          <FormContext value={scope}>
            <ObjectFields schema={scope.root} path={[]} value={node.config} />
            {Object.keys(scope.root.properties ?? {}).length === 0 && (
              <p className="help">{t('inspector.nothingToSet')}</p>
            )}
          </FormContext>
        ) : (
          <p className="problem error">{t('inspector.unknownType', { type: node.type })}</p>
        )}
      </div>
      {!readOnly && (
        <footer>
          {onShowData && (
            <Button icon="eye" onClick={() => onShowData(node.id)}>
              {t('data.showHere')}
            </Button>
          )}
          <Button kind="danger" icon="trash" onClick={() => onRemove(node.id)}>
            {t('inspector.remove')}
          </Button>
        </footer>
      )}
    </section>
  )
}

const uniqueFields = (fields: readonly FieldSpec[]): FieldSpec[] => [
  ...new Map(fields.map((field) => [field.name, field])).values(),
]

/** Beside the field its name need not be said again. */
function fieldText(problem: Problem, t: TFunction): string {
  const reason = problem.values?.['reason']
  if (reason === undefined) return problemText(problem, t).message
  return reason.startsWith('Invalid input') ? t('form.notValid') : reason
}
