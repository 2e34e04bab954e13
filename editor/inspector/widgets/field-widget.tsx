/** Widget `field`: one field that exists on this path. */
import { useForm, type ControlProps } from '../form-context.ts'
import { FieldPicker } from './field-picker.tsx'

export function FieldWidget({ schema, path, value, control }: ControlProps) {
  const form = useForm()
  return (
    <FieldPicker
      control={control}
      value={typeof value === 'string' ? value : ''}
      onChange={(name) => form.set(path, name)}
      {...(schema.placeholder === undefined ? {} : { placeholder: schema.placeholder })}
    />
  )
}
