/** Outside systems data is sent to. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi, useSend } from '../api/use-api.ts'
import type { Answer } from '../api/call.ts'
import { useSession } from '../session/session.ts'
import { Button } from '../ui/button.tsx'
import { cellText } from '../ui/cell-text.ts'
import { formatAgo } from '../ui/format.ts'
import { Icon } from '../ui/icons.tsx'
import { notify } from '../ui/notices.tsx'
import { EmptyState, Failure, Skeleton } from '../ui/parts.tsx'
import { Menu } from '../ui/popover.tsx'
import { ConnectionDialog } from './connection-dialog.tsx'

export type Connection = Answer<'connectionList'>['items'][number]

export function Connections() {
  const { t } = useTranslation()
  const { may } = useSession()
  const connections = useApi('connectionList')
  const remove = useSend('connectionDelete', ['connectionList'])
  const test = useSend('connectionTest')
  const [editing, setEditing] = useState<Connection | 'new'>()
  const items = connections.data?.items ?? []
  const tryOut = (id: string) =>
    test.mutate(
      { params: { id } },
      {
        onSuccess: ({ ok, message }) => notify(message, { tone: ok ? 'plain' : 'error' }),
        onError: (error) => notify(error.message, { tone: 'error' }),
      },
    )
  return (
    <section>
      <div className="section-head">
        <p className="help">{t('connections.text')}</p>
        {may('connectionCreate') && (
          <Button kind="primary" icon="plus" onClick={() => setEditing('new')}>
            {t('form.newConnection')}
          </Button>
        )}
      </div>
      {[connections.error, remove.error].map(
        (error, i) => error && <Failure key={i} error={error} />,
      )}
      {connections.isPending ? (
        <Skeleton />
      ) : items.length === 0 ? (
        <EmptyState icon="link" title={t('connections.none')} text={t('connections.noneText')} />
      ) : (
        <table className="table cards-when-narrow">
          <thead>
            <tr>
              <th>{t('users.name')}</th>
              <th>{t('connections.address')}</th>
              <th>{t('connections.secrets')}</th>
              <th>{t('connections.changed')}</th>
              <th>
                <span className="only-spoken">{t('outline.actions')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {items.map((connection) => (
              <tr key={connection.id}>
                <th scope="row">{connection.name}</th>
                <td>{cellText(connection.settings['url'])}</td>
                <td>
                  {connection.secrets.length > 0
                    ? t('connections.secretSet')
                    : t('connections.noSecret')}
                </td>
                <td>{formatAgo(connection.updatedAt)}</td>
                <td className="actions">
                  {may('connectionUpdate') && (
                    <Menu
                      className="icon-button"
                      align="end"
                      label={t('outline.actionsOf', { name: connection.name })}
                      button={<Icon name="more" />}
                      items={[
                        { text: t('form.testConnection'), onChoose: () => tryOut(connection.id) },
                        { text: t('ui.change'), onChoose: () => setEditing(connection) },
                        {
                          text: t('ui.delete'),
                          danger: true,
                          onChoose: () => remove.mutate({ params: { id: connection.id } }),
                        },
                      ]}
                    />
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {editing && (
        <ConnectionDialog
          {...(editing === 'new' ? {} : { connection: editing })}
          onClose={() => setEditing(undefined)}
          onSaved={() => setEditing(undefined)}
        />
      )}
    </section>
  )
}
