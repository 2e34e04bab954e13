/** A box to choose a field that exists on this path, with its type and what it means. */
import { useId, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { FieldSpec } from '../../../engine/contract/shape.ts'
import { Icon } from '../../ui/icons.tsx'
import { useForm } from '../form-context.ts'

interface FieldPickerProps {
  value: string
  onChange(name: string): void
  control?: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: true }
  label?: string
  placeholder?: string
}

export function FieldPicker({ value, onChange, control, label, placeholder }: FieldPickerProps) {
  const { t } = useTranslation()
  const form = useForm()
  const listId = useId()
  const [open, setOpen] = useState(false)
  const [typed, setTyped] = useState<string>()
  const [at, setAt] = useState(0)
  const found = searchFields(form.fields, typed ?? '')
  const known = form.fields.find((field) => field.name === value)
  const choose = (name: string) => {
    onChange(name)
    setTyped(undefined)
    setOpen(false)
  }
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      setOpen(true)
      const step = event.key === 'ArrowDown' ? 1 : -1
      setAt((index) => Math.max(0, Math.min(found.length - 1, open ? index + step : 0)))
    } else if (event.key === 'Enter' && open && found[at]) {
      event.preventDefault()
      choose(found[at].name)
    } else if (event.key === 'Escape' && open) {
      event.stopPropagation()
      setOpen(false)
      setTyped(undefined)
    }
  }
  return (
    <div className="picker">
      <input
        {...control}
        {...(label === undefined ? {} : { 'aria-label': label })}
        role="combobox"
        aria-expanded={open}
        aria-controls={listId}
        aria-autocomplete="list"
        {...(open && found[at] ? { 'aria-activedescendant': `${listId}-${at}` } : {})}
        autoComplete="off"
        spellCheck={false}
        readOnly={form.readOnly}
        value={typed ?? value}
        placeholder={placeholder ?? t('form.chooseField')}
        onFocus={() => !form.readOnly && setOpen(true)}
        onClick={() => !form.readOnly && setOpen(true)}
        onKeyDown={onKey}
        onChange={(event) => {
          setTyped(event.target.value)
          setAt(0)
          setOpen(true)
        }}
        onBlur={() => {
          if (typed !== undefined && typed !== value) onChange(typed.trim())
          setTyped(undefined)
          setOpen(false)
        }}
      />
      {known && typed === undefined && <FieldMark field={known} />}
      {open && (
        <ul role="listbox" id={listId} className="picker-list">
          {found.map((field, i) => (
            <li
              key={field.name}
              id={`${listId}-${i}`}
              role="option"
              aria-selected={i === at}
              onMouseDown={(event) => {
                event.preventDefault()
                choose(field.name)
              }}
            >
              <span className="picker-name">
                {field.name}
                {form.samples.has(field.name) && (
                  <small className="picker-sample">{form.samples.get(field.name)}</small>
                )}
              </span>
              <FieldFacts field={field} />
            </li>
          ))}
          {found.length === 0 && (
            <li className="picker-none" role="presentation">
              {form.fields.length === 0
                ? t('form.noFields')
                : form.open
                  ? t('form.freeField')
                  : t('form.noSuchField')}
            </li>
          )}
        </ul>
      )}
    </div>
  )
}

/** Fields whose name or meaning holds the text; those that begin with it first. */
export function searchFields(fields: readonly FieldSpec[], text: string): FieldSpec[] {
  const wanted = text.trim().toLowerCase()
  const holds = ({ name, meaning }: FieldSpec) =>
    name.toLowerCase().includes(wanted) || meaning?.includes(wanted) === true
  const begins = ({ name }: FieldSpec) => (name.toLowerCase().startsWith(wanted) ? 0 : 1)
  return fields.filter(holds).sort((a, b) => begins(a) - begins(b))
}

function FieldMark({ field }: { field: FieldSpec }) {
  const { t } = useTranslation()
  return (
    <span className="field-mark" title={t(`fieldType.${field.type}`)}>
      {t(`fieldType.${field.type}`)}
    </span>
  )
}

/** Type, meaning, and whether it points at a person: in words. */
export function FieldFacts({ field }: { field: FieldSpec }) {
  const { t } = useTranslation()
  return (
    <span className="field-facts">
      {field.meaning && <span className="meaning">{t(`meaning.${field.meaning}`)}</span>}
      {field.personal && (
        <span className="personal">
          <Icon name={field.hashed ? 'lock' : 'person'} size={12} />
          {field.hashed ? t('form.hashed') : t('form.personal')}
        </span>
      )}
      <span>{t(`fieldType.${field.type}`)}</span>
    </span>
  )
}
