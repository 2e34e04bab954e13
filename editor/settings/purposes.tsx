/** What data may be used for: the list consent and destinations speak of. */
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Purpose } from '../../engine/contract/api/workspace.ts'
import { useCatalog } from '../api/use-catalog.ts'
import { useSend } from '../api/use-api.ts'
import { snakeCase } from '../inspector/widgets/mapping-rows.ts'
import { useSession } from '../session/session.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { notify } from '../ui/notices.tsx'
import { Failure, Skeleton, Switch } from '../ui/parts.tsx'

export function Purposes() {
  const { t } = useTranslation()
  const { may } = useSession()
  const { purposes, ready } = useCatalog()
  const write = useSend('purposesWrite', ['catalog'])
  const [rows, setRows] = useState<Purpose[]>()
  useEffect(() => {
    if (ready) setRows((before) => before ?? purposes)
  }, [ready, purposes])
  if (!rows) return <Skeleton />
  const mayWrite = may('purposesWrite')
  const known = new Set(purposes.map((purpose) => purpose.key))
  const set = (i: number, changes: Partial<Purpose>) =>
    setRows(rows.map((row, at) => (at === i ? { ...row, ...changes } : row)))
  const changed = JSON.stringify(rows) !== JSON.stringify(purposes)
  const save = () =>
    write.mutate(
      { body: { purposes: rows.map((row) => ({ ...row, key: row.key || snakeCase(row.name) })) } },
      {
        onSuccess: (answer) => {
          setRows(answer.purposes)
          notify(t('ui.saved'))
        },
      },
    )
  return (
    <section>
      <p className="help">{t('purposes.text')}</p>
      <div className="rows">
        {rows.map((row, i) => (
          <div className="row-card purpose" key={i}>
            <div className="row-tools">
              <code>{row.key || snakeCase(row.name)}</code>
              {mayWrite && (
                <IconButton
                  icon="trash"
                  label={t('form.remove', { name: row.name })}
                  onClick={() => setRows(rows.filter((_, at) => at !== i))}
                />
              )}
            </div>
            <input
              aria-label={t('users.name')}
              placeholder={t('users.name')}
              value={row.name}
              readOnly={!mayWrite}
              onChange={(event) =>
                set(i, {
                  name: event.target.value,
                  // What is stored under a key keeps it.
                  ...(known.has(row.key) ? {} : { key: snakeCase(event.target.value) }),
                })
              }
            />
            <input
              aria-label={t('purposes.description')}
              placeholder={t('purposes.description')}
              value={row.description}
              readOnly={!mayWrite}
              onChange={(event) => set(i, { description: event.target.value })}
            />
            <Switch
              label={t('purposes.needsConsent')}
              checked={row.needsConsent}
              disabled={!mayWrite}
              onChange={(needsConsent) => set(i, { needsConsent })}
            />
          </div>
        ))}
      </div>
      {write.error && <Failure error={write.error} />}
      {mayWrite && (
        <div className="row">
          <Button
            icon="plus"
            onClick={() =>
              setRows([...rows, { key: '', name: '', description: '', needsConsent: true }])
            }
          >
            {t('purposes.add')}
          </Button>
          <Button kind="primary" disabled={!changed} busy={write.isPending} onClick={save}>
            {t('ui.save')}
          </Button>
        </div>
      )}
    </section>
  )
}
