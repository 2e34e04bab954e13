/** Widget `mapping`: each new field from a field, a fixed value, or a text with fields in it. */
import { useTranslation } from 'react-i18next'
import type { Json } from '../../../engine/contract/json.ts'
import { getAt } from '../../document/settings-path.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { useForm, type ControlProps } from '../form-context.ts'
import { FieldPicker } from './field-picker.tsx'
import {
  fieldFor,
  snakeCase,
  sourceOf,
  suggestRows,
  withSource,
  type RowSource,
} from './mapping-rows.ts'

const CASTS = ['keep', 'text', 'number', 'date', 'boolean'] as const
const SOURCES: readonly RowSource[] = ['from', 'constant', 'template']

export function MappingWidget({ path, value, control }: ControlProps) {
  const { t } = useTranslation()
  const form = useForm()
  const rows = Array.isArray(value) ? value : []
  const suggested = suggestRows(form.fields, rows)
  const set = (i: number, key: string, to: Json) => form.set([...path, String(i), key], to)
  return (
    <div className="mapping" id={control.id} role="group" aria-label={t('form.mapping')}>
      {rows.map((row, i) => {
        const source = sourceOf(row)
        const error = [...form.errors].find(([at]) =>
          at.startsWith(`${[...path, String(i)].join('.')}.`),
        )?.[1]
        return (
          <div className="mapping-row" key={i} data-path={[...path, String(i)].join('.')}>
            <div className="mapping-line">
              <input
                aria-label={t('form.newField')}
                placeholder={t('form.newField')}
                value={textAt(row, 'to')}
                spellCheck={false}
                readOnly={form.readOnly}
                onChange={(event) => set(i, 'to', event.target.value)}
                onBlur={() => {
                  const field = fieldFor(form.fields, textAt(row, 'to'))
                  const bare = source === 'from' && textAt(row, 'from') === ''
                  if (bare && field) set(i, 'from', field.name)
                }}
              />
              <IconButton
                icon="trash"
                label={t('form.removeRow', { row: i + 1 })}
                disabled={form.readOnly}
                onClick={() => form.set([...path, String(i)], undefined)}
              />
            </div>
            <div className="mapping-line">
              <select
                aria-label={t('form.takenFrom')}
                value={source}
                disabled={form.readOnly}
                onChange={(event) =>
                  form.set([...path, String(i)], withSource(row, event.target.value as RowSource))
                }
              >
                {SOURCES.map((name) => (
                  <option key={name} value={name}>
                    {t(`form.source.${name}`)}
                  </option>
                ))}
              </select>
              {source === 'from' ? (
                <FieldPicker
                  label={t('form.source.from')}
                  value={textAt(row, 'from')}
                  onChange={(name) =>
                    form.set([...path, String(i)], {
                      ...(row as Record<string, Json>),
                      from: name,
                      to: textAt(row, 'to') || snakeCase(name),
                    })
                  }
                />
              ) : (
                <input
                  aria-label={t(`form.source.${source}`)}
                  placeholder={source === 'template' ? '{first_name} {last_name}' : ''}
                  value={textAt(row, source).trimStart()}
                  readOnly={form.readOnly}
                  onChange={(event) => set(i, source, event.target.value || ' ')}
                />
              )}
              <select
                aria-label={t('form.cast')}
                className="cast"
                value={textAt(row, 'cast') || 'keep'}
                disabled={form.readOnly}
                onChange={(event) => set(i, 'cast', event.target.value)}
              >
                {CASTS.map((cast) => (
                  <option key={cast} value={cast}>
                    {t(`form.casts.${cast}`)}
                  </option>
                ))}
              </select>
            </div>
            {error && <p className="error">{error}</p>}
          </div>
        )
      })}
      {!form.readOnly && (
        <div className="row">
          <Button
            icon="plus"
            kind="quiet"
            onClick={() => form.set(path, [...rows, { to: '', from: '' }])}
          >
            {t('form.addRow')}
          </Button>
          {suggested.length > 0 && (
            <Button
              icon="spark"
              kind="quiet"
              onClick={() => form.set(path, [...rows, ...suggested])}
            >
              {t('form.addAllFields', { count: suggested.length })}
            </Button>
          )}
        </div>
      )}
    </div>
  )
}

function textAt(row: Json, key: string): string {
  const value = getAt(row, [key])
  return typeof value === 'string' ? value : ''
}
