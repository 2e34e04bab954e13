/** Widgets `textarea` and `secret`. */
import { useForm, type ControlProps } from '../form-context.ts'

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

export function TextareaWidget({ schema, path, value, control }: ControlProps) {
  const form = useForm()
  return (
    <textarea
      {...control}
      rows={4}
      value={textOf(value)}
      placeholder={schema.placeholder}
      readOnly={form.readOnly}
      onChange={(event) => form.set(path, event.target.value)}
    />
  )
}

export function SecretWidget({ schema, path, value, control }: ControlProps) {
  const form = useForm()
  return (
    <input
      {...control}
      type="password"
      autoComplete="off"
      value={textOf(value)}
      placeholder={schema.placeholder}
      readOnly={form.readOnly}
      onChange={(event) => form.set(path, event.target.value)}
    />
  )
}
