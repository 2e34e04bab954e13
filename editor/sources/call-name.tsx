/** What an event is called: by its own name, with the kind of call beside it, or by the kind alone. */
import { useTranslation } from 'react-i18next'

export function CallName({ type, name }: { type: string; name: string }) {
  const { t } = useTranslation()
  const kind = t(`sources.call.${type}`, { defaultValue: type })
  if (name === '') return <strong>{kind}</strong>
  return (
    <>
      <strong>{name}</strong> <small>{kind}</small>
    </>
  )
}
