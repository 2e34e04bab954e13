/** A list of objects as rows to add, remove and put in order. */
import { useTranslation } from 'react-i18next'
import type { Json } from '../../engine/contract/json.ts'
import { moveEntry, type SettingsPath } from '../document/settings-path.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { useForm } from './form-context.ts'
import { resolveSchema, startValue, type FormSchema } from './form-schema.ts'
import { ObjectFields } from './schema-field.tsx'

export function ListRows({
  schema,
  path,
  value,
}: {
  schema: FormSchema
  path: SettingsPath
  value: Json | undefined
}) {
  const { t } = useTranslation()
  const form = useForm()
  const rows = Array.isArray(value) ? value : []
  const items = resolveSchema(schema.items ?? {}, form.root)
  const move = (from: number, to: number) => form.set(path, [...moveEntry(rows, from, to)])
  const add = () =>
    form.set([...path, String(rows.length)], startValue(items as Json, form.root as Json) ?? {})
  return (
    <div className="rows">
      {rows.map((row, i) => (
        <div className="row-card" key={i}>
          <div className="row-tools">
            <span className="row-number">{i + 1}</span>
            <IconButton
              icon="up"
              label={t('form.moveUp')}
              disabled={form.readOnly || i === 0}
              onClick={() => move(i, i - 1)}
            />
            <IconButton
              icon="down"
              label={t('form.moveDown')}
              disabled={form.readOnly || i === rows.length - 1}
              onClick={() => move(i, i + 1)}
            />
            <IconButton
              icon="trash"
              label={t('form.removeRow', { row: i + 1 })}
              disabled={form.readOnly}
              onClick={() => form.set([...path, String(i)], undefined)}
            />
          </div>
          <ObjectFields schema={items} path={[...path, String(i)]} value={row} />
        </div>
      ))}
      {!form.readOnly && rows.length < (schema.maxItems ?? Infinity) && (
        <Button icon="plus" kind="quiet" onClick={add}>
          {t('form.addRow')}
        </Button>
      )}
    </div>
  )
}
