/** API tokens: made, shown once, revoked. */
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { UserRole } from '../../engine/contract/api/route.ts'
import { useList, useSend } from '../api/use-api.ts'
import { useSession } from '../session/session.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { formatAgo } from '../ui/format.ts'
import { Badge, EmptyState, Failure, Field, Skeleton } from '../ui/parts.tsx'
import { RoleChecks } from './role-checks.tsx'
import { ShownOnce } from './shown-once.tsx'

export function Tokens() {
  const { t } = useTranslation()
  const { may } = useSession()
  const tokens = useList('tokenList')
  const revoke = useSend('tokenDelete', ['tokenList'])
  const [making, setMaking] = useState(false)
  return (
    <section>
      <div className="section-head">
        <p className="help">
          {t('tokens.text')} <a href="/api/openapi.json">{t('tokens.openapi')}</a>
        </p>
        {may('tokenCreate') && (
          <Button kind="primary" icon="plus" onClick={() => setMaking(true)}>
            {t('tokens.make')}
          </Button>
        )}
      </div>
      {[tokens.error, revoke.error].map((error, i) => error && <Failure key={i} error={error} />)}
      {tokens.isPending ? (
        <Skeleton />
      ) : tokens.items.length === 0 ? (
        <EmptyState icon="lock" title={t('tokens.none')} />
      ) : (
        <table className="table cards-when-narrow">
          <thead>
            <tr>
              <th>{t('users.name')}</th>
              <th>{t('users.roles')}</th>
              <th>{t('tokens.made')}</th>
              <th>{t('tokens.used')}</th>
              <th>
                <span className="only-spoken">{t('outline.actions')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {tokens.items.map((token) => (
              <tr key={token.id}>
                <th scope="row">{token.name}</th>
                <td>
                  {token.roles.map((role) => (
                    <Badge key={role}>{t(`userRole.${role}`)}</Badge>
                  ))}
                </td>
                <td>{formatAgo(token.createdAt)}</td>
                <td>{token.lastUsedAt ? formatAgo(token.lastUsedAt) : t('tokens.never')}</td>
                <td className="actions">
                  {may('tokenDelete') && (
                    <Button
                      kind="danger"
                      busy={revoke.isPending && revoke.variables.params?.['id'] === token.id}
                      onClick={() => revoke.mutate({ params: { id: token.id } })}
                    >
                      {t('tokens.revoke')}
                    </Button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {making && <MakeDialog onClose={() => setMaking(false)} />}
    </section>
  )
}

function MakeDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation()
  const make = useSend('tokenCreate', ['tokenList'])
  const [name, setName] = useState('')
  const [roles, setRoles] = useState<UserRole[]>(['operator'])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    make.mutate({ body: { name, roles } })
  }
  return (
    <Dialog title={t('tokens.make')} onClose={onClose}>
      {make.data ? (
        <ShownOnce text={make.data.token} help={t('tokens.once')} />
      ) : (
        <form onSubmit={submit}>
          <Field label={t('users.name')} help={t('tokens.nameHelp')}>
            {(control) => (
              <input
                {...control}
                required
                autoFocus
                value={name}
                onChange={(e) => setName(e.target.value)}
              />
            )}
          </Field>
          <RoleChecks roles={roles} onChange={setRoles} />
          {make.error && <Failure error={make.error} />}
          <div className="row end">
            <Button onClick={onClose}>{t('ui.cancel')}</Button>
            <Button
              kind="primary"
              type="submit"
              busy={make.isPending}
              disabled={roles.length === 0}
            >
              {t('tokens.make')}
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  )
}
