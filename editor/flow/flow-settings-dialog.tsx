/** Settings of the whole flow: the country phone numbers are read as of, and when it runs by itself. */
import { useTranslation } from 'react-i18next'
import { useFlow, useGraph } from '../document/flow-store.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field, Switch } from '../ui/parts.tsx'
import { RegionSelect } from '../ui/region-select.tsx'
import { SchedulePicker } from './schedule-picker.tsx'

export function FlowSettingsDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation()
  const { settings } = useGraph()
  const readOnly = useFlow((state) => state.readOnly)
  const edit = useFlow((state) => state.edit)
  const set = (changes: Partial<typeof settings>) => {
    const next = Object.fromEntries(
      Object.entries({ ...settings, ...changes }).filter(([, value]) => value !== undefined),
    )
    edit({ kind: 'set_settings', settings: next }, { key: 'set_settings' }, 'settings')
  }
  const { schedule } = settings
  const start = {
    cron: '0 6 * * *',
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    overlap: 'skip' as const,
    enabled: true,
  }
  return (
    <Dialog
      title={t('flow.settings')}
      onClose={onClose}
      actions={
        <Button kind="primary" onClick={onClose}>
          {t('ui.done')}
        </Button>
      }
    >
      <Field label={t('flowSettings.region')} help={t('flowSettings.regionHelp')}>
        {(control) => (
          <RegionSelect
            {...control}
            value={settings.defaultRegion ?? ''}
            disabled={readOnly}
            onChange={(code) => set({ defaultRegion: code === '' ? undefined : code })}
          />
        )}
      </Field>
      <Switch
        label={t('flowSettings.scheduled')}
        checked={schedule?.enabled === true}
        disabled={readOnly}
        onChange={(enabled) => set({ schedule: { ...(schedule ?? start), enabled } })}
      />
      <p className="help">{t('flowSettings.scheduledHelp')}</p>
      {schedule?.enabled && (
        <SchedulePicker
          schedule={schedule}
          readOnly={readOnly}
          onChange={(next) => set({ schedule: next })}
        />
      )}
    </Dialog>
  )
}
