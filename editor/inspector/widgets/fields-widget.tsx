/** Widget `fields`: several fields in an order. */
import { useTranslation } from 'react-i18next'
import { moveEntry } from '../../document/settings-path.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { useForm, type ControlProps } from '../form-context.ts'
import { FieldFacts, FieldPicker } from './field-picker.tsx'

export function FieldsWidget({ path, value, control }: ControlProps) {
  const { t } = useTranslation()
  const form = useForm()
  const names = Array.isArray(value) ? value.map(String) : []
  const left = form.fields.filter((field) => !names.includes(field.name))
  const move = (from: number, to: number) => form.set(path, [...moveEntry(names, from, to)])
  return (
    <div className="chosen-fields">
      <ul>
        {names.map((name, i) => {
          const field = form.fields.find((known) => known.name === name)
          return (
            <li key={name}>
              <span className="picker-name">{name}</span>
              {field && <FieldFacts field={field} />}
              {!form.readOnly && (
                <span className="row-tools">
                  <IconButton
                    icon="up"
                    label={t('form.moveUp')}
                    disabled={i === 0}
                    onClick={() => move(i, i - 1)}
                  />
                  <IconButton
                    icon="down"
                    label={t('form.moveDown')}
                    disabled={i === names.length - 1}
                    onClick={() => move(i, i + 1)}
                  />
                  <IconButton
                    icon="close"
                    label={t('form.remove', { name })}
                    onClick={() => form.set([...path, String(i)], undefined)}
                  />
                </span>
              )}
            </li>
          )
        })}
      </ul>
      {!form.readOnly && (
        <>
          <FieldPicker
            control={control}
            value=""
            placeholder={t('form.addField')}
            onChange={(name) => {
              if (name !== '' && !names.includes(name)) form.set(path, [...names, name])
            }}
          />
          {left.length > 0 && (
            <Button
              kind="quiet"
              icon="plus"
              onClick={() => form.set(path, [...names, ...left.map((field) => field.name)])}
            >
              {t('form.addAllFields', { count: left.length })}
            </Button>
          )}
        </>
      )}
    </div>
  )
}
