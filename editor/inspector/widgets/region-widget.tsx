/** Widget `region`: a country by its two letters. */
import { useForm, type ControlProps } from '../form-context.ts'
import { RegionSelect } from '../../ui/region-select.tsx'

export function RegionWidget({ path, value, control }: ControlProps) {
  const form = useForm()
  return (
    <RegionSelect
      {...control}
      value={typeof value === 'string' ? value : ''}
      disabled={form.readOnly}
      onChange={(code) => form.set(path, code === '' ? undefined : code)}
    />
  )
}
