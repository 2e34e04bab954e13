/** Which roles a user or token has. */
import { useTranslation } from 'react-i18next'
import { userRoleSchema, type UserRole } from '../../engine/contract/api/route.ts'

interface RoleChecksProps {
  roles: readonly UserRole[]
  onChange(roles: UserRole[]): void
}

export function RoleChecks({ roles, onChange }: RoleChecksProps) {
  const { t } = useTranslation()
  return (
    <fieldset className="field group">
      <legend>{t('users.roles')}</legend>
      <div className="checks">
        {userRoleSchema.options.map((role) => (
          <label key={role} className="check">
            <input
              type="checkbox"
              checked={roles.includes(role)}
              onChange={(event) =>
                onChange(
                  event.target.checked ? [...roles, role] : roles.filter((other) => other !== role),
                )
              }
            />
            <span>
              {t(`userRole.${role}`)}
              <small>{t(`userRoleHelp.${role}`)}</small>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
