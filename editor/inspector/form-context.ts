/** What every control of a step's form may need to know. */
import { createContext, useContext } from 'react'
import type { CatalogEntry } from '../../engine/contract/catalog.ts'
import type { Json } from '../../engine/contract/json.ts'
import type { FieldSpec } from '../../engine/contract/shape.ts'
import type { SettingsPath } from '../document/settings-path.ts'
import type { FormSchema } from './form-schema.ts'

export interface FormScope {
  entry: CatalogEntry
  root: FormSchema
  config: Record<string, Json>
  /** Fields that exist where the step stands. */
  fields: readonly FieldSpec[]
  /** True when more fields than listed may be there. */
  open: boolean
  /** A value of each field, masked, as far as known. */
  samples: ReadonlyMap<string, string>
  /** Messages by settings path. */
  errors: ReadonlyMap<string, string>
  readOnly: boolean
  set(path: SettingsPath, value: Json | undefined): void
  /** Replaces all settings as one action. */
  configure(config: Record<string, Json>): void
}

export const FormContext = createContext<FormScope | undefined>(undefined)

export function useForm(): FormScope {
  const scope = useContext(FormContext)
  if (!scope) throw new Error('A form control stands outside a form. Wrap it in FormContext.')
  return scope
}

export interface ControlProps {
  schema: FormSchema
  path: SettingsPath
  value: Json | undefined
  /** Ties the control to its label, help and error. */
  control: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: true }
}
