/** Makes or changes a connection. A secret that is set is never shown; typing replaces it. */
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { fieldMessage } from '../api/api-failure.ts'
import { useSend } from '../api/use-api.ts'
import { Button } from '../ui/button.tsx'
import { cellText } from '../ui/cell-text.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Failure, Field } from '../ui/parts.tsx'
import type { Connection } from './connections.tsx'

interface ConnectionDialogProps {
  connection?: Connection
  onSaved(id: string): void
  onClose(): void
}

export function ConnectionDialog({ connection, onSaved, onClose }: ConnectionDialogProps) {
  const { t } = useTranslation()
  const create = useSend('connectionCreate', ['connectionList'])
  const update = useSend('connectionUpdate', ['connectionList'])
  const [name, setName] = useState(connection?.name ?? '')
  const [url, setUrl] = useState(cellText(connection?.settings['url']))
  const [secret, setSecret] = useState('')
  const [authorization, setAuthorization] = useState('')
  const error = create.error ?? update.error
  const submit = (event: FormEvent) => {
    event.preventDefault()
    event.stopPropagation()
    const body = {
      name,
      kind: 'webhook' as const,
      settings: { ...connection?.settings, url },
      secrets: {
        ...(secret === '' ? {} : { signing_secret: secret }),
        ...(authorization === '' ? {} : { authorization }),
      },
    }
    const onSuccess = ({ id }: Connection) => onSaved(id)
    if (connection) update.mutate({ params: { id: connection.id }, body }, { onSuccess })
    else create.mutate({ body }, { onSuccess })
  }
  return (
    <Dialog title={connection?.name ?? t('form.newConnection')} onClose={onClose}>
      <form onSubmit={submit}>
        <Field label={t('users.name')} error={fieldMessage(error, 'name')}>
          {(control) => (
            <input
              {...control}
              required
              autoFocus
              maxLength={120}
              value={name}
              placeholder={t('connections.namePlaceholder')}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <Field
          label={t('connections.address')}
          help={t('connections.addressHelp')}
          error={fieldMessage(error, 'settings.url')}
        >
          {(control) => (
            <input
              {...control}
              type="url"
              required
              value={url}
              placeholder="https://"
              onChange={(event) => setUrl(event.target.value)}
            />
          )}
        </Field>
        <Field
          label={t('connections.secret')}
          help={
            connection?.secrets.includes('signing_secret')
              ? t('connections.replaceSecret')
              : t('connections.secretHelp')
          }
          error={fieldMessage(error, 'secrets.signing_secret')}
        >
          {(control) => (
            <input
              {...control}
              type="password"
              autoComplete="off"
              value={secret}
              onChange={(event) => setSecret(event.target.value)}
            />
          )}
        </Field>
        <Field
          label={t('connections.authorization')}
          help={
            connection?.secrets.includes('authorization')
              ? t('connections.replaceSecret')
              : t('connections.authorizationHelp')
          }
          error={fieldMessage(error, 'secrets.authorization')}
        >
          {(control) => (
            <input
              {...control}
              type="password"
              autoComplete="off"
              value={authorization}
              onChange={(event) => setAuthorization(event.target.value)}
            />
          )}
        </Field>
        {error && <Failure error={error} />}
        <div className="row end">
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button kind="primary" type="submit" busy={create.isPending || update.isPending}>
            {t('ui.save')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
