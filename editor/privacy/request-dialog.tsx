/** One request: what was done in each store, whom it was told, and what is to be decided. */
import { useTranslation } from 'react-i18next'
import type { RequestAction, RequestView } from '../../engine/contract/api/requests.ts'
import { urlOf } from '../api/call.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { formatDate } from '../ui/format.ts'
import { Icon } from '../ui/icons.tsx'
import { Badge, type Tone } from '../ui/parts.tsx'
import { Clock, StateBadge, whoOf } from './request-table.tsx'

interface Props {
  request: RequestView
  busy: boolean
  onAct(action: RequestAction): void
  onClose(): void
}

export function RequestDialog({ request, busy, onAct, onClose }: Props) {
  const { t } = useTranslation()
  const buttons = actionsOf(request).map((action) => (
    <Button
      key={action}
      kind={action === 'cancel' ? 'danger' : action === 'extend' ? 'plain' : 'primary'}
      busy={busy}
      onClick={() => onAct(action)}
    >
      {t(`requests.action.${action}`)}
    </Button>
  ))
  return (
    <Dialog
      size="large"
      title={`${t(`requests.kind.${request.kind}`)}: ${whoOf(request, t)}`}
      onClose={onClose}
      {...(buttons.length > 0 ? { actions: buttons } : {})}
    >
      <p className="row">
        <StateBadge state={request.state} /> <Clock request={request} />
        {request.known === false && <Badge tone="info">{t('requests.unknown')}</Badge>}
      </p>
      <p className="help">{t(`requests.next.${request.state}`)}</p>
      <Papers request={request} />
      <Stores request={request} />
      <Recipients request={request} />
      <h3>{t('requests.history')}</h3>
      <ul className="plain-list">
        {request.history.map(({ at, who, what }) => (
          <li key={`${at}${what}`}>
            {formatDate(at)}: {t(`requests.event.${what}`, { defaultValue: what })} ({who})
          </li>
        ))}
      </ul>
    </Dialog>
  )
}

function actionsOf({ state, extended }: RequestView): RequestAction[] {
  const extend: RequestAction[] = extended ? [] : ['extend']
  if (state === 'check_identity') return ['confirm_identity', ...extend, 'cancel']
  if (state === 'approve') return ['approve', ...extend, 'cancel']
  if (state === 'working') return extend
  return state === 'partly' ? ['retry'] : []
}

function Papers({ request: { id, kind, state } }: { request: RequestView }) {
  const { t } = useTranslation()
  const isCopy = (kind === 'access' || kind === 'portability') && state === 'done'
  const link = (name: 'copyPage' | 'copyFile' | 'evidence', href: string) => (
    <a className="button plain" href={href} download>
      <Icon name="download" size={16} /> <span>{t(`requests.${name}`)}</span>
    </a>
  )
  const params = { id }
  return (
    <p className="row">
      {isCopy && link('copyPage', urlOf('requestAnswer', params, { format: 'html' }))}
      {isCopy && link('copyFile', urlOf('requestAnswer', params, { format: 'json' }))}
      {link('evidence', urlOf('requestEvidence', params))}
    </p>
  )
}

const STORE_TONES: Record<string, Tone> = { done: 'good', failed: 'bad', cannot: 'warn' }
const TOLD_TONES: Record<string, Tone> = {
  told: 'good',
  pending: 'info',
  failed: 'bad',
  cannot: 'warn',
}

function Stores({ request: { stores } }: { request: RequestView }) {
  const { t } = useTranslation()
  if (stores.length === 0) return null
  return (
    <details>
      <summary>{t('requests.stores', { count: stores.length })}</summary>
      <ul className="plain-list">
        {stores.map(({ store, state, erased, left }) => (
          <li key={store}>
            <Badge tone={STORE_TONES[state] ?? 'neutral'}>
              {t(`requests.storeState.${state}`)}
            </Badge>{' '}
            {t(`requests.store.${store}`, { defaultValue: store })}
            {erased > 0 && ` (${t('requests.erased', { count: erased })})`}
            {left && `: ${t('requests.byHand', { files: left.join(', ') })}`}
          </li>
        ))}
      </ul>
    </details>
  )
}

function Recipients({ request: { recipients } }: { request: RequestView }) {
  const { t } = useTranslation()
  if (recipients.length === 0) return null
  return (
    <>
      <h3>{t('requests.recipients')}</h3>
      <ul className="plain-list">
        {recipients.map(({ recipient, state }) => (
          <li key={recipient}>
            <Badge tone={TOLD_TONES[state] ?? 'neutral'}>
              {t(`consentHistory.toldState.${state}`)}
            </Badge>{' '}
            {recipient}
          </li>
        ))}
      </ul>
    </>
  )
}
