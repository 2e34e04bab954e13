/** A secret that is shown this one time, to be copied. */
import { useTranslation } from 'react-i18next'
import { Button } from '../ui/button.tsx'
import { useCopyText } from '../ui/copy-text.ts'

export function ShownOnce({ text, help }: { text: string; help: string }) {
  const { t } = useTranslation()
  const copy = useCopyText()
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
        <Button icon="copy" onClick={() => copy(text)}>
          {t('ui.copy')}
        </Button>
      </div>
    </div>
  )
}
