/** A secret that is shown this one time, to be copied. */
import { useTranslation } from 'react-i18next'
import { Button } from '../ui/button.tsx'
import { notify } from '../ui/notices.tsx'

export function ShownOnce({ text, help }: { text: string; help: string }) {
  const { t } = useTranslation()
  const copy = () =>
    void navigator.clipboard.writeText(text).then(
      () => notify(t('ui.copied')),
      () => notify(t('ui.copyFailed'), { tone: 'error' }),
    )
  return (
    <div className="shown-once">
      <p>{help}</p>
      <div className="row">
        <input
          readOnly
          className="mono"
          aria-label={help}
          value={text}
          onFocus={(event) => event.target.select()}
        />
        <Button icon="copy" onClick={copy}>
          {t('ui.copy')}
        </Button>
      </div>
    </div>
  )
}
