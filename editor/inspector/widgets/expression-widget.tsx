/** Widget `expression`: a formula, with the fields there are a click away. */
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useForm, type ControlProps } from '../form-context.ts'

export function ExpressionWidget({ schema, path, value, control }: ControlProps) {
  const { t } = useTranslation()
  const form = useForm()
  const area = useRef<HTMLTextAreaElement>(null)
  const text = typeof value === 'string' ? value : ''
  const insert = (name: string) => {
    const at = area.current?.selectionStart ?? text.length
    const end = area.current?.selectionEnd ?? at
    form.set(path, `${text.slice(0, at)}${reference(name)}${text.slice(end)}`)
    area.current?.focus()
  }
  return (
    <div className="expression">
      <textarea
        {...control}
        ref={area}
        rows={3}
        spellCheck={false}
        value={text}
        placeholder={schema.placeholder}
        readOnly={form.readOnly}
        onChange={(event) => form.set(path, event.target.value)}
      />
      {!form.readOnly && form.fields.length > 0 && (
        <div className="insertable" role="group" aria-label={t('form.insertField')}>
          {form.fields.map((field) => (
            <button key={field.name} type="button" onClick={() => insert(field.name)}>
              {field.name}
            </button>
          ))}
        </div>
      )}
    </div>
  )
}

/** A name that is no plain word is written in brackets. */
const reference = (name: string): string =>
  /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/.test(name) ? name : `fields[${JSON.stringify(name)}]`
