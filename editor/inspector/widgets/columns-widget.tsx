/** Widget `columns`: the columns of a file with a sample, their type and meaning to correct. */
import { useTranslation } from 'react-i18next'
import {
  fieldMeaningSchema,
  fieldTypeSchema,
  isPersonal,
  type FieldMeaning,
} from '../../../engine/contract/shape.ts'
import type { Json } from '../../../engine/contract/json.ts'
import { useApi } from '../../api/use-api.ts'
import { getAt } from '../../document/settings-path.ts'
import { cellText } from '../../ui/cell-text.ts'
import { Icon } from '../../ui/icons.tsx'
import { useForm, type ControlProps } from '../form-context.ts'

export function ColumnsWidget({ path, value, control }: ControlProps) {
  const { t } = useTranslation()
  const form = useForm()
  const columns = Array.isArray(value) ? value : []
  const fileId = findFileId(form.config)
  const file = useApi(
    'fileRead',
    { params: { id: fileId ?? '' } },
    { enabled: fileId !== undefined },
  )
  const samples = new Map(
    file.data?.detected.columns.map((column) => [column.name, column.samples[0] ?? '']),
  )
  if (columns.length === 0)
    return (
      <p className="help" id={control.id}>
        {t('form.noColumns')}
      </p>
    )
  return (
    <div className="columns-widget" id={control.id}>
      {columns.map((column, i) => {
        const name = cellText(getAt(column, ['name']))
        return (
          <div className="column" key={name}>
            <div className="column-head">
              <strong>{name}</strong>
              {getAt(column, ['personal']) === true && (
                <span className="personal">
                  <Icon name="person" size={12} /> {t('form.personal')}
                </span>
              )}
              {samples.get(name) && <code title={samples.get(name)}>{samples.get(name)}</code>}
            </div>
            <div className="column-line">
              <select
                aria-label={t('form.typeOf', { name })}
                value={cellText(getAt(column, ['type']) ?? 'text')}
                disabled={form.readOnly}
                onChange={(event) => form.set([...path, String(i), 'type'], event.target.value)}
              >
                {fieldTypeSchema.options.map((type) => (
                  <option key={type} value={type}>
                    {t(`fieldType.${type}`)}
                  </option>
                ))}
              </select>
              <select
                aria-label={t('form.meaningOf', { name })}
                value={cellText(getAt(column, ['meaning']))}
                disabled={form.readOnly}
                onChange={(event) =>
                  form.set([...path, String(i)], withMeaning(column, event.target.value))
                }
              >
                <option value="">{t('form.noMeaning')}</option>
                {fieldMeaningSchema.options.map((meaning) => (
                  <option key={meaning} value={meaning}>
                    {t(`meaning.${meaning}`)}
                  </option>
                ))}
              </select>
            </div>
          </div>
        )
      })}
    </div>
  )
}

function withMeaning(column: Json, meaning: string): Json {
  const { meaning: _, personal: __, ...rest } = column as Record<string, Json>
  if (meaning === '') return rest
  const personal = isPersonal(meaning as FieldMeaning)
  return { ...rest, meaning, ...(personal ? { personal: true } : {}) }
}

function findFileId(config: Json): string | undefined {
  const id = getAt(config, ['origin', 'file', 'id']) ?? getAt(config, ['file', 'id'])
  return typeof id === 'string' ? id : undefined
}
