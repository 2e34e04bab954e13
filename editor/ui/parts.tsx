/** Small pieces every page is made of. */
import { useId, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { RunState } from '../../engine/contract/run.ts'
import { ApiFailure } from '../api/api-failure.ts'
import { Button } from './button.tsx'
import { Icon, type IconName } from './icons.tsx'

export type Tone = 'neutral' | 'good' | 'warn' | 'bad' | 'info'

export function Badge({
  tone = 'neutral',
  icon,
  children,
}: {
  tone?: Tone
  icon?: IconName
  children: ReactNode
}) {
  return (
    <span className={`badge ${tone}`}>
      {icon && <Icon name={icon} size={13} />}
      {children}
    </span>
  )
}

const RUN_LOOKS: Record<RunState, { tone: Tone; icon: IconName }> = {
  starting: { tone: 'info', icon: 'clock' },
  running: { tone: 'info', icon: 'play' },
  pausing: { tone: 'warn', icon: 'pause' },
  paused: { tone: 'warn', icon: 'pause' },
  cancelling: { tone: 'warn', icon: 'stop' },
  completed: { tone: 'good', icon: 'check' },
  completed_with_errors: { tone: 'warn', icon: 'warning' },
  failed: { tone: 'bad', icon: 'error' },
  cancelled: { tone: 'neutral', icon: 'stop' },
}

/** Of a live run: that it goes on, and that it was stopped, are as they should be. */
const LIVE_NAMES = { running: 'live', cancelled: 'stopped', cancelling: 'stopping' } as const

/** The state of a run, in a word and an icon: colour alone says nothing. */
export function RunBadge({ state, live }: { state: RunState; live?: true | undefined }) {
  const { t } = useTranslation()
  const name = live && state in LIVE_NAMES ? LIVE_NAMES[state as keyof typeof LIVE_NAMES] : state
  return <Badge {...RUN_LOOKS[state]}>{t(`runState.${name}`)}</Badge>
}

export function EmptyState({
  icon,
  title,
  text,
  children,
}: {
  icon: IconName
  title: string
  text?: string
  children?: ReactNode
}) {
  return (
    <div className="empty">
      <span className="empty-icon">
        <Icon name={icon} size={26} />
      </span>
      <h2>{title}</h2>
      {text && <p>{text}</p>}
      {children && <div className="row">{children}</div>}
    </div>
  )
}

export function Skeleton({ rows = 4 }: { rows?: number }) {
  const { t } = useTranslation()
  return (
    <div className="skeleton" role="status" aria-label={t('ui.loading')}>
      {Array.from({ length: rows }, (_, i) => (
        <div key={i} />
      ))}
    </div>
  )
}

/** A failed read or write, with what to do. */
export function Failure({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation()
  const failure = error instanceof ApiFailure ? error : undefined
  const offline = failure?.offline === true
  return (
    <div className="failure" role="alert">
      <Icon name="error" />
      <div>
        <strong>{offline ? t('ui.offline') : (failure?.message ?? t('ui.wentWrong'))}</strong>
        {failure?.details.fix && <p>{failure.details.fix}</p>}
        {failure?.details.fields && failure.details.fields.length > 0 && (
          <ul>
            {failure.details.fields.map(({ path, message }) => (
              <li key={path}>
                {path}: {message}
              </li>
            ))}
          </ul>
        )}
      </div>
      {onRetry && <Button onClick={onRetry}>{t('ui.tryAgain')}</Button>}
    </div>
  )
}

interface FieldProps {
  label: ReactNode
  help?: ReactNode
  error?: string | undefined
  children(props: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: true }): ReactNode
}

/** A labelled control; help and error are tied to it for screen readers. */
export function Field({ label, help, error, children }: FieldProps) {
  const id = useId()
  const notes = [help ? `${id}-help` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ')
  return (
    <div className={`field ${error ? 'invalid' : ''}`}>
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        ...(notes === '' ? {} : { 'aria-describedby': notes }),
        ...(error ? { 'aria-invalid': true as const } : {}),
      })}
      {help && (
        <p className="help" id={`${id}-help`}>
          {help}
        </p>
      )}
      {error && (
        <p className="error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  )
}

export function Switch({
  checked,
  onChange,
  label,
  disabled = false,
}: {
  checked: boolean
  onChange(on: boolean): void
  label: ReactNode
  disabled?: boolean
}) {
  return (
    <label className="switch">
      <input
        type="checkbox"
        role="switch"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span className="track" aria-hidden="true" />
      <span>{label}</span>
    </label>
  )
}

interface Tab<Id extends string> {
  id: Id
  text: string
}

export function Tabs<Id extends string>({
  tabs,
  current,
  onChoose,
  label,
}: {
  tabs: ReadonlyArray<Tab<Id>>
  current: Id
  onChoose(id: Id): void
  label: string
}) {
  const walk = (event: React.KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (step === undefined) return
    const at = tabs.findIndex(({ id }) => id === current)
    const next = tabs[(at + step + tabs.length) % tabs.length]
    if (!next) return
    onChoose(next.id)
    document.getElementById(`tab-${next.id}`)?.focus()
  }
  return (
    <div className="tabs" role="tablist" aria-label={label} onKeyDown={walk}>
      {tabs.map(({ id, text }) => (
        <button
          key={id}
          id={`tab-${id}`}
          type="button"
          role="tab"
          aria-selected={id === current}
          tabIndex={id === current ? 0 : -1}
          onClick={() => onChoose(id)}
        >
          {text}
        </button>
      ))}
    </div>
  )
}

export function PageHead({
  title,
  text,
  children,
}: {
  title: ReactNode
  text?: ReactNode
  children?: ReactNode
}) {
  return (
    <header className="page-head">
      <div>
        <h1>{title}</h1>
        {text && <p>{text}</p>}
      </div>
      {children && <div className="row">{children}</div>}
    </header>
  )
}

export function MoreButton({
  list,
}: {
  list: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage(): unknown }
}) {
  const { t } = useTranslation()
  if (!list.hasNextPage) return null
  return (
    <div className="more">
      <Button busy={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
        {t('ui.showMore')}
      </Button>
    </div>
  )
}
