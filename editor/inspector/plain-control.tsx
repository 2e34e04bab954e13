/** Controls for plain values: text, number, choice, list of texts. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { wordsPath } from '../document/settings-path.ts'
import { choiceWord } from '../words/node-words.ts'
import { useForm, type ControlProps } from './form-context.ts'
import { humanise } from './form-schema.ts'

export function PlainControl(props: ControlProps) {
  const { schema } = props
  if (schema.enum) return <ChoiceControl {...props} />
  if (schema.type === 'number' || schema.type === 'integer') return <NumberControl {...props} />
  if (schema.type === 'array') return <TextListControl {...props} />
  return <TextControl {...props} />
}

function TextControl({ schema, path, value, control }: ControlProps) {
  const form = useForm()
  return (
    <input
      {...control}
      type={schema.format === 'uri' ? 'url' : 'text'}
      value={typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value)}
      maxLength={schema.maxLength}
      placeholder={schema.placeholder}
      readOnly={form.readOnly}
      onChange={(event) => form.set(path, event.target.value)}
    />
  )
}

function NumberControl({ schema, path, value, control }: ControlProps) {
  const form = useForm()
  // What is typed may be half a number; only whole ones become the setting.
  const [typed, setTyped] = useState<string>()
  return (
    <input
      {...control}
      type="number"
      value={typed ?? (typeof value === 'number' ? String(value) : '')}
      min={schema.minimum}
      max={schema.maximum}
      step={schema.type === 'integer' ? 1 : 'any'}
      placeholder={schema.placeholder}
      readOnly={form.readOnly}
      onBlur={() => setTyped(undefined)}
      onChange={(event) => {
        const text = event.target.value
        setTyped(text)
        const number = Number(text)
        form.set(path, text.trim() === '' || Number.isNaN(number) ? undefined : number)
      }}
    />
  )
}

/** Up to three choices are seen at once; more go into a list. */
function ChoiceControl({ schema, path, value, control }: ControlProps) {
  const form = useForm()
  const options = (schema.enum ?? []).map(String)
  const text = (option: string) =>
    choiceWord(form.entry, wordsPath(path), option) ?? schema.labels?.[option] ?? humanise(option)
  const short = options.length <= 3 && options.every((option) => text(option).length <= 14)
  if (short)
    return (
      <div className="segments" role="radiogroup" id={control.id}>
        {options.map((option) => (
          <label key={option} className={value === option ? 'chosen' : ''}>
            <input
              type="radio"
              name={control.id}
              checked={value === option}
              disabled={form.readOnly}
              onChange={() => form.set(path, option)}
            />
            {text(option)}
          </label>
        ))}
      </div>
    )
  return (
    <select
      {...control}
      value={typeof value === 'string' ? value : ''}
      disabled={form.readOnly}
      onChange={(event) => form.set(path, event.target.value)}
    >
      {typeof value !== 'string' && <option value="" />}
      {options.map((option) => (
        <option key={option} value={option}>
          {text(option)}
        </option>
      ))}
    </select>
  )
}

function TextListControl({ path, value, control }: ControlProps) {
  const { t } = useTranslation()
  const form = useForm()
  const [typed, setTyped] = useState<string>()
  const lines = Array.isArray(value) ? value.map(String) : []
  return (
    <textarea
      {...control}
      rows={Math.min(6, Math.max(2, lines.length + 1))}
      value={typed ?? lines.join('\n')}
      placeholder={t('form.oneALine')}
      readOnly={form.readOnly}
      onBlur={() => setTyped(undefined)}
      onChange={(event) => {
        setTyped(event.target.value)
        form.set(
          path,
          event.target.value.split('\n').filter((line) => line.trim() !== ''),
        )
      }}
    />
  )
}
