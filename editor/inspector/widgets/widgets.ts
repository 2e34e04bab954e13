/** The widgets a node type may ask for by name. */
import type { ComponentType } from 'react'
import type { Widget } from '../../../engine/contract/catalog.ts'
import type { ControlProps } from '../form-context.ts'
import type { FormSchema } from '../form-schema.ts'
import { ColumnsWidget } from './columns-widget.tsx'
import { ConditionWidget } from './condition-widget.tsx'
import { ConnectionWidget } from './connection-widget.tsx'
import { ExpressionWidget } from './expression-widget.tsx'
import { FieldWidget } from './field-widget.tsx'
import { FieldsWidget } from './fields-widget.tsx'
import { FileWidget } from './file-widget.tsx'
import { MappingWidget } from './mapping-widget.tsx'
import { PurposesWidget } from './purposes-widget.tsx'
import { RegionWidget } from './region-widget.tsx'
import { SecretWidget, TextareaWidget } from './text-widgets.tsx'

const WIDGETS: Record<Exclude<Widget, 'hidden'>, ComponentType<ControlProps>> = {
  columns: ColumnsWidget,
  condition: ConditionWidget,
  connection: ConnectionWidget,
  expression: ExpressionWidget,
  field: FieldWidget,
  fields: FieldsWidget,
  file: FileWidget,
  mapping: MappingWidget,
  purposes: PurposesWidget,
  region: RegionWidget,
  secret: SecretWidget,
  textarea: TextareaWidget,
}

/** Undefined when the schema asks for none, or for one that is not known here. */
export const widgetFor = ({ widget }: FormSchema): ComponentType<ControlProps> | undefined =>
  widget !== undefined && Object.hasOwn(WIDGETS, widget)
    ? WIDGETS[widget as keyof typeof WIDGETS]
    : undefined
