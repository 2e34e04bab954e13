/** Widget `condition`: a tree of rules, built by choosing. */
import { useTranslation } from 'react-i18next'
import type { Json } from '../../../engine/contract/json.ts'
import { joinPath, type SettingsPath } from '../../document/settings-path.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { cellText } from '../../ui/cell-text.ts'
import { useForm, type ControlProps } from '../form-context.ts'
import {
  operatorsFor,
  readGroup,
  readRule,
  startOperand,
  valueKind,
  type ConditionGroup,
  type ConditionRule,
  type Operator,
} from './condition-tree.ts'
import { FieldPicker } from './field-picker.tsx'

const MATCHES = ['all', 'any', 'none'] as const
const DEEPEST = 9

export function ConditionWidget({ path, value, control }: ControlProps) {
  return (
    <div id={control.id} className="condition">
      <GroupEditor group={readGroup(value)} path={path} depth={0} />
    </div>
  )
}

function GroupEditor({
  group,
  path,
  depth,
}: {
  group: ConditionGroup
  path: SettingsPath
  depth: number
}) {
  const { t } = useTranslation()
  const form = useForm()
  const add = (child: ConditionGroup | ConditionRule) =>
    form.set(path, { ...group, rules: [...group.rules, child] } as unknown as Json)
  return (
    <div className="condition-group" role="group" aria-label={t('condition.group')}>
      <div className="condition-match">
        <select
          aria-label={t('condition.match')}
          value={group.match}
          disabled={form.readOnly}
          onChange={(event) => form.set([...path, 'match'], event.target.value)}
        >
          {MATCHES.map((match) => (
            <option key={match} value={match}>
              {t(`condition.${match}`)}
            </option>
          ))}
        </select>
        {depth > 0 && (
          <IconButton
            icon="trash"
            label={t('condition.removeGroup')}
            disabled={form.readOnly}
            onClick={() => form.set(path, undefined)}
          />
        )}
      </div>
      {group.rules.map((child, i) => {
        const at = [...path, 'rules', String(i)]
        return child.kind === 'group' ? (
          <GroupEditor key={i} group={child} path={at} depth={depth + 1} />
        ) : (
          <RuleEditor key={i} rule={readRule(child)} path={at} />
        )
      })}
      {group.rules.length === 0 && <p className="help">{t('condition.empty')}</p>}
      {!form.readOnly && (
        <div className="row">
          <Button
            icon="plus"
            kind="quiet"
            onClick={() => add({ kind: 'rule', field: '', operator: 'equals', value: '' })}
          >
            {t('condition.addRule')}
          </Button>
          {depth < DEEPEST && (
            <Button
              icon="plus"
              kind="quiet"
              onClick={() => add({ kind: 'group', match: 'any', rules: [] })}
            >
              {t('condition.addGroup')}
            </Button>
          )}
        </div>
      )}
    </div>
  )
}

function RuleEditor({ rule, path }: { rule: ConditionRule; path: SettingsPath }) {
  const { t } = useTranslation()
  const form = useForm()
  const type = form.fields.find((field) => field.name === rule.field)?.type
  const error = form.errors.get(joinPath([...path, 'field'])) ?? form.errors.get(joinPath(path))
  const operators = operatorsFor(type)
  const listed = operators.includes(rule.operator) ? operators : [rule.operator, ...operators]
  return (
    <div className="condition-rule" data-path={joinPath([...path, 'field'])}>
      <div className="condition-line">
        <FieldPicker
          label={t('condition.field')}
          value={rule.field}
          onChange={(name) => form.set([...path, 'field'], name)}
        />
        <IconButton
          icon="trash"
          label={t('condition.removeRule')}
          disabled={form.readOnly}
          onClick={() => form.set(path, undefined)}
        />
      </div>
      <div className="condition-line">
        <select
          aria-label={t('condition.operator')}
          value={rule.operator}
          disabled={form.readOnly}
          onChange={(event) => {
            const operator = event.target.value as Operator
            form.set(path, startOperand({ ...rule, operator }) as unknown as Json)
          }}
        >
          {listed.map((operator) => (
            <option key={operator} value={operator}>
              {t(`operator.${operator}`)}
            </option>
          ))}
        </select>
        <ValueEditor rule={rule} path={[...path, 'value']} numeric={type === 'number'} />
      </div>
      {error && <p className="error">{error}</p>}
    </div>
  )
}

function ValueEditor({
  rule,
  path,
  numeric,
}: {
  rule: ConditionRule
  path: SettingsPath
  numeric: boolean
}) {
  const { t } = useTranslation()
  const form = useForm()
  const kind = valueKind(rule.operator)
  const input = (label: string, value: Json | undefined, at: SettingsPath, type = 'text') => (
    <input
      type={type}
      aria-label={label}
      placeholder={label}
      value={typeof value === 'string' || typeof value === 'number' ? String(value) : ''}
      readOnly={form.readOnly}
      onChange={(event) =>
        form.set(
          at,
          type === 'number' && event.target.value !== ''
            ? Number(event.target.value)
            : event.target.value,
        )
      }
    />
  )
  switch (kind) {
    case 'none':
      return null
    case 'days':
      return (
        <span className="with-unit">
          {input(t('condition.days'), rule.value, path, 'number')}
          <span>{t('condition.days')}</span>
        </span>
      )
    case 'date':
      return input(t('condition.date'), rule.value, path, 'date')
    case 'two': {
      const [low, high] = Array.isArray(rule.value) ? rule.value : []
      const type = numeric ? 'number' : 'text'
      return (
        <span className="two-values">
          {input(t('condition.low'), low, [...path, '0'], type)}
          {input(t('condition.high'), high, [...path, '1'], type)}
        </span>
      )
    }
    case 'list':
      return (
        <input
          aria-label={t('condition.values')}
          placeholder={t('condition.valuesHint')}
          readOnly={form.readOnly}
          defaultValue={Array.isArray(rule.value) ? rule.value.map(cellText).join(', ') : ''}
          onBlur={(event) =>
            form.set(
              path,
              event.target.value
                .split(/[,，]/)
                .map((part) => part.trim())
                .filter(Boolean),
            )
          }
        />
      )
    case 'one':
      return input(t('condition.value'), rule.value, path, numeric ? 'number' : 'text')
  }
}
