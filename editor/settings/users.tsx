/** People who use the workspace: invite, change roles, shut out. */
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { UserRole } from '../../engine/contract/api/route.ts'
import type { UserView } from '../../engine/contract/api/session.ts'
import { fieldMessage } from '../api/api-failure.ts'
import { useList, useSend } from '../api/use-api.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Icon } from '../ui/icons.tsx'
import { Badge, Failure, Field, Skeleton } from '../ui/parts.tsx'
import { Menu } from '../ui/popover.tsx'
import { RoleChecks } from './role-checks.tsx'
import { ShownOnce } from './shown-once.tsx'

export function Users() {
  const { t } = useTranslation()
  const users = useList('userList')
  const update = useSend('userUpdate', ['userList'])
  const [inviting, setInviting] = useState(false)
  const [changing, setChanging] = useState<UserView>()
  return (
    <section>
      <div className="section-head">
        <p className="help">{t('users.text')}</p>
        <Button kind="primary" icon="plus" onClick={() => setInviting(true)}>
          {t('users.invite')}
        </Button>
      </div>
      {[users.error, update.error].map((error, i) => error && <Failure key={i} error={error} />)}
      {users.isPending ? (
        <Skeleton />
      ) : (
        <table className="table cards-when-narrow">
          <thead>
            <tr>
              <th>{t('users.name')}</th>
              <th>{t('signIn.email')}</th>
              <th>{t('users.roles')}</th>
              <th>
                <span className="only-spoken">{t('outline.actions')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {users.items.map((user) => (
              <tr key={user.id}>
                <th scope="row">{user.name}</th>
                <td>{user.email}</td>
                <td>
                  {user.roles.map((role) => (
                    <Badge key={role}>{t(`userRole.${role}`)}</Badge>
                  ))}
                  {user.disabled && <Badge tone="bad">{t('users.disabled')}</Badge>}
                </td>
                <td className="actions">
                  <Menu
                    className="icon-button"
                    align="end"
                    label={t('outline.actionsOf', { name: user.name })}
                    button={<Icon name="more" />}
                    items={[
                      { text: t('users.changeRoles'), onChoose: () => setChanging(user) },
                      {
                        text: user.disabled ? t('users.enable') : t('users.disable'),
                        danger: !user.disabled,
                        onChoose: () =>
                          update.mutate({
                            params: { id: user.id },
                            body: { disabled: !user.disabled },
                          }),
                      },
                    ]}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {inviting && <InviteDialog onClose={() => setInviting(false)} />}
      {changing && (
        <RolesDialog
          user={changing}
          onClose={() => setChanging(undefined)}
          onSave={(roles) => {
            update.mutate({ params: { id: changing.id }, body: { roles } })
            setChanging(undefined)
          }}
        />
      )}
    </section>
  )
}

function RolesDialog({
  user,
  onSave,
  onClose,
}: {
  user: UserView
  onSave(roles: UserRole[]): void
  onClose(): void
}) {
  const { t } = useTranslation()
  const [roles, setRoles] = useState<UserRole[]>(user.roles)
  return (
    <Dialog
      title={t('users.rolesOf', { name: user.name })}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button kind="primary" disabled={roles.length === 0} onClick={() => onSave(roles)}>
            {t('ui.save')}
          </Button>
        </>
      }
    >
      <RoleChecks roles={roles} onChange={setRoles} />
    </Dialog>
  )
}

function InviteDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation()
  const invite = useSend('userInvite', ['userList'])
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const [roles, setRoles] = useState<UserRole[]>(['marketer'])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    invite.mutate({ body: { name, email, roles } })
  }
  if (invite.data)
    return (
      <Dialog title={t('users.invite')} onClose={onClose}>
        <ShownOnce
          text={new URL(invite.data.link, location.origin).href}
          help={t('users.link', { name: invite.data.user.name })}
        />
      </Dialog>
    )
  return (
    <Dialog title={t('users.invite')} onClose={onClose}>
      <form onSubmit={submit}>
        <Field label={t('users.name')} error={fieldMessage(invite.error, 'name')}>
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
        <Field label={t('signIn.email')} error={fieldMessage(invite.error, 'email')}>
          {(control) => (
            <input
              {...control}
              type="email"
              required
              value={email}
              onChange={(e) => setEmail(e.target.value)}
            />
          )}
        </Field>
        <RoleChecks roles={roles} onChange={setRoles} />
        {invite.error && <Failure error={invite.error} />}
        <div className="row end">
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button
            kind="primary"
            type="submit"
            busy={invite.isPending}
            disabled={roles.length === 0}
          >
            {t('users.invite')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
