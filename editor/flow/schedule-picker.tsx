/** When a flow runs by itself: the usual rhythms by choosing, others as cron. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schedule } from '../../engine/contract/flow.ts'
import { Field } from '../ui/parts.tsx'
import { currentLocale } from '../words/words.ts'
import { changeRhythm, readCron, writeCron, type CronPlan } from './cron-plan.ts'

const RHYTHMS = ['hour', 'day', 'week', 'month', 'custom'] as const
const OVERLAPS = ['skip', 'queue_one', 'cancel_earlier'] as const
/** A Sunday, to name weekdays from. */
const SUNDAY = Date.UTC(2024, 0, 7)

interface SchedulePickerProps {
  schedule: Schedule
  readOnly: boolean
  onChange(schedule: Schedule): void
}

export function SchedulePicker({ schedule, readOnly, onChange }: SchedulePickerProps) {
  const { t } = useTranslation()
  const [custom, setCustom] = useState(false)
  const read = readCron(schedule.cron)
  const plan: CronPlan = custom ? { every: 'custom', cron: schedule.cron } : read
  const set = (next: CronPlan) => onChange({ ...schedule, cron: writeCron(next) })
  const weekday = new Intl.DateTimeFormat(currentLocale(), { weekday: 'long', timeZone: 'UTC' })
  return (
    <fieldset className="field group" disabled={readOnly}>
      <legend>{t('schedule.title')}</legend>
      <Field label={t('schedule.rhythm')}>
        {(control) => (
          <select
            {...control}
            value={plan.every}
            onChange={(event) => {
              const every = event.target.value as CronPlan['every']
              setCustom(every === 'custom')
              set(changeRhythm(read, every))
            }}
          >
            {RHYTHMS.map((rhythm) => (
              <option key={rhythm} value={rhythm}>
                {t(`schedule.${rhythm}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
      {plan.every === 'week' && (
        <Field label={t('schedule.weekday')}>
          {(control) => (
            <select
              {...control}
              value={plan.weekday}
              onChange={(event) => set({ ...plan, weekday: Number(event.target.value) })}
            >
              {[1, 2, 3, 4, 5, 6, 0].map((day) => (
                <option key={day} value={day}>
                  {weekday.format(SUNDAY + day * 86_400_000)}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      {plan.every === 'month' && (
        <Field label={t('schedule.dayOfMonth')}>
          {(control) => (
            <input
              {...control}
              type="number"
              min={1}
              max={28}
              value={plan.day}
              onChange={(event) => set({ ...plan, day: Number(event.target.value) || 1 })}
            />
          )}
        </Field>
      )}
      {plan.every === 'hour' && (
        <Field label={t('schedule.minute')}>
          {(control) => (
            <input
              {...control}
              type="number"
              min={0}
              max={59}
              value={plan.minute}
              onChange={(event) => set({ ...plan, minute: Number(event.target.value) || 0 })}
            />
          )}
        </Field>
      )}
      {'hour' in plan && (
        <Field label={t('schedule.time')}>
          {(control) => (
            <input
              {...control}
              type="time"
              value={`${String(plan.hour).padStart(2, '0')}:${String(plan.minute).padStart(2, '0')}`}
              onChange={(event) => {
                const [hour = 0, minute = 0] = event.target.value.split(':').map(Number)
                set({ ...plan, hour, minute })
              }}
            />
          )}
        </Field>
      )}
      {plan.every === 'custom' && (
        <Field label={t('schedule.cron')} help={t('schedule.cronHelp')}>
          {(control) => (
            <input
              {...control}
              className="mono"
              value={schedule.cron}
              onChange={(event) => onChange({ ...schedule, cron: event.target.value })}
            />
          )}
        </Field>
      )}
      <Field label={t('schedule.timezone')}>
        {(control) => (
          <select
            {...control}
            value={schedule.timezone}
            onChange={(event) => onChange({ ...schedule, timezone: event.target.value })}
          >
            {[...new Set([schedule.timezone, 'UTC', ...Intl.supportedValuesOf('timeZone')])].map(
              (zone) => (
                <option key={zone}>{zone}</option>
              ),
            )}
          </select>
        )}
      </Field>
      <Field label={t('schedule.overlap')}>
        {(control) => (
          <select
            {...control}
            value={schedule.overlap}
            onChange={(event) =>
              onChange({ ...schedule, overlap: event.target.value as Schedule['overlap'] })
            }
          >
            {OVERLAPS.map((overlap) => (
              <option key={overlap} value={overlap}>
                {t(`schedule.${overlap}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
    </fieldset>
  )
}
