/** One setting: its label, help, error, and the control that fits its schema. Calls itself for parts. */
import { useTranslation } from 'react-i18next'
import type { Json } from '../../engine/contract/json.ts'
import { getAt, joinPath, wordsPath, type SettingsPath } from '../document/settings-path.ts'
import { Field, Switch } from '../ui/parts.tsx'
import { choiceWord, fieldWords } from '../words/node-words.ts'
import { useForm } from './form-context.ts'
import {
  humanise,
  isMissing,
  isShown,
  resolveSchema,
  startValue,
  unionKey,
  variantName,
  variantOf,
  type FormSchema,
} from './form-schema.ts'
import { ListRows } from './list-rows.tsx'
import { PlainControl } from './plain-control.tsx'
import { widgetFor } from './widgets/widgets.ts'

interface SchemaFieldProps {
  name: string
  schema: FormSchema
  path: SettingsPath
  value: Json | undefined
  required: boolean
}

export function SchemaField({ name, schema: given, path, value, required }: SchemaFieldProps) {
  const { t } = useTranslation()
  const form = useForm()
  const schema = resolveSchema(given, form.root)
  const words = fieldWords(form.entry, wordsPath(path))
  const title = words?.title ?? schema.title ?? humanise(name)
  const help = words?.description ?? schema.description
  const error = form.errors.get(joinPath(path))
  const shown = value ?? schema.default

  if (schema.type === 'boolean' && !schema.widget)
    return (
      <div className="field" data-path={joinPath(path)}>
        <Switch
          checked={shown === true}
          disabled={form.readOnly}
          label={title}
          onChange={(on) => form.set(path, on)}
        />
        {help && <p className="help">{help}</p>}
      </div>
    )

  const Widget = widgetFor(schema)
  const needed = required && isMissing(shown)
  const label = (
    <>
      {title} {needed && <span className="needed">{t('form.needed')}</span>}
    </>
  )
  if (!Widget && (schema.oneOf || schema.type === 'object' || isRowList(schema, form.root)))
    return (
      <fieldset className="field group" data-path={joinPath(path)}>
        <legend>{label}</legend>
        {help && <p className="help">{help}</p>}
        {error && !needed && <p className="error">{error}</p>}
        {schema.oneOf ? (
          <UnionField variants={schema.oneOf} labels={schema.labels} path={path} value={value} />
        ) : schema.type === 'object' ? (
          <ObjectFields schema={schema} path={path} value={value} />
        ) : (
          <ListRows schema={schema} path={path} value={value} />
        )}
      </fieldset>
    )
  return (
    <div data-path={joinPath(path)}>
      <Field label={label} help={help} error={needed ? undefined : error}>
        {(control) =>
          Widget ? (
            <Widget schema={schema} path={path} value={shown} control={control} />
          ) : (
            <PlainControl schema={schema} path={path} value={shown} control={control} />
          )
        }
      </Field>
    </div>
  )
}

const isRowList = (schema: FormSchema, root: FormSchema): boolean =>
  schema.type === 'array' &&
  schema.items !== undefined &&
  resolveSchema(schema.items, root).type === 'object'

interface PartsProps {
  schema: FormSchema
  path: SettingsPath
  value: Json | undefined
  /** Keys that are settled elsewhere. */
  except?: readonly string[]
}

/** The settings of an object; rarely needed ones behind a fold. */
export function ObjectFields({ schema, path, value, except = [] }: PartsProps) {
  const { t } = useTranslation()
  const shown = Object.entries(schema.properties ?? {}).filter(
    ([key, child]) => !except.includes(key) && isShown(child, value, schema),
  )
  const field = ([key, child]: [string, FormSchema]) => (
    <SchemaField
      key={key}
      name={key}
      schema={child}
      path={[...path, key]}
      value={getAt(value, [key])}
      required={schema.required?.includes(key) === true || (child.minItems ?? 0) > 0}
    />
  )
  const advanced = shown.filter(([, child]) => child.advanced)
  return (
    <>
      {shown.filter(([, child]) => !child.advanced).map(field)}
      {advanced.length > 0 && (
        <details className="advanced">
          <summary>{t('form.advanced')}</summary>
          {advanced.map(field)}
        </details>
      )}
    </>
  )
}

function UnionField({
  variants,
  labels,
  path,
  value,
}: {
  variants: FormSchema[]
  labels: Record<string, string> | undefined
  path: SettingsPath
  value: Json | undefined
}) {
  const form = useForm()
  const key = unionKey(variants)
  const current = key === undefined ? undefined : variantOf(variants, key, value)
  if (key === undefined || !current) return null
  const chosen = variantName(current, key)
  return (
    <>
      <div className="segments" role="radiogroup">
        {variants.map((variant) => {
          const name = variantName(variant, key)
          return (
            <label key={name} className={name === chosen ? 'chosen' : ''}>
              <input
                type="radio"
                name={joinPath(path)}
                checked={name === chosen}
                disabled={form.readOnly}
                onChange={() =>
                  form.set(path, startValue(variant as Json, form.root as Json) ?? { [key]: name })
                }
              />
              {choiceWord(form.entry, wordsPath(path), name) ?? labels?.[name] ?? humanise(name)}
            </label>
          )
        })}
      </div>
      <ObjectFields schema={current} path={path} value={value} except={[key]} />
    </>
  )
}
