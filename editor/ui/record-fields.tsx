/** The fields of a record, name beside value. */
import type { Json } from '../../engine/contract/json.ts'
import { cellText } from './cell-text.ts'

export function RecordFields({ fields }: { fields: Readonly<Record<string, Json>> }) {
  return (
    <dl className="record">
      {Object.entries(fields).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{cellText(value)}</dd>
        </div>
      ))}
    </dl>
  )
}
