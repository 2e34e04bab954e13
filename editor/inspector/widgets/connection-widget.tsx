/** Widget `connection`: an outside system, picked or made on the spot, and tried out. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi, useSend } from '../../api/use-api.ts'
import { ConnectionDialog } from '../../settings/connection-dialog.tsx'
import { Button } from '../../ui/button.tsx'
import { Badge, Failure } from '../../ui/parts.tsx'
import { useForm, type ControlProps } from '../form-context.ts'

export function ConnectionWidget({ path, value, control }: ControlProps) {
  const { t } = useTranslation()
  const form = useForm()
  const [adding, setAdding] = useState(false)
  const connections = useApi('connectionList')
  const test = useSend('connectionTest')
  const chosen = typeof value === 'string' ? value : ''
  return (
    <div className="connection-widget">
      <div className="row">
        <select
          {...control}
          value={chosen}
          disabled={form.readOnly}
          onChange={(event) => {
            test.reset()
            form.set(path, event.target.value)
          }}
        >
          <option value="">{t('form.chooseConnection')}</option>
          {connections.data?.items.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
        {!form.readOnly && (
          <Button icon="plus" onClick={() => setAdding(true)}>
            {t('form.newConnection')}
          </Button>
        )}
      </div>
      {chosen !== '' && !form.readOnly && (
        <div className="row">
          <Button busy={test.isPending} onClick={() => test.mutate({ params: { id: chosen } })}>
            {t('form.testConnection')}
          </Button>
          {test.data && (
            <Badge tone={test.data.ok ? 'good' : 'bad'} icon={test.data.ok ? 'check' : 'error'}>
              {test.data.message}
            </Badge>
          )}
        </div>
      )}
      {test.error && <Failure error={test.error} />}
      {adding && (
        <ConnectionDialog
          onClose={() => setAdding(false)}
          onSaved={(id) => {
            setAdding(false)
            form.set(path, id)
          }}
        />
      )}
    </div>
  )
}
