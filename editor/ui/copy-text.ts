/** Copies a text and says whether it worked. */
import { useTranslation } from 'react-i18next'
import { notify } from './notices.tsx'

export function useCopyText(): (text: string) => void {
  const { t } = useTranslation()
  return (text) =>
    void navigator.clipboard.writeText(text).then(
      () => notify(t('ui.copied')),
      () => notify(t('ui.copyFailed'), { tone: 'error' }),
    )
}
