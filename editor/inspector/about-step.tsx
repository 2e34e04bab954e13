/** What a step does with records, told by its node type: the short form of its docs page. */
import { useTranslation } from 'react-i18next'
import type { CatalogEntry } from '../../engine/contract/catalog.ts'
import { reasonWords } from '../words/node-words.ts'

export function AboutStep({ entry }: { entry: CatalogEntry }) {
  const { t } = useTranslation()
  return (
    <details className="about-step">
      <summary>{t('inspector.about')}</summary>
      <p>{t(`inspector.scope.${entry.scope}`)}</p>
      <p>{t(`inspector.effects.${entry.effects}`)}</p>
      <Reasons entry={entry} title={t('inspector.endsWhen')} codes={Object.keys(entry.drops)} />
      <Reasons entry={entry} title={t('inspector.parkedWhen')} codes={Object.keys(entry.fails)} />
    </details>
  )
}

function Reasons({
  entry,
  title,
  codes,
}: {
  entry: CatalogEntry
  title: string
  codes: readonly string[]
}) {
  if (codes.length === 0) return null
  return (
    <>
      <h4>{title}</h4>
      <ul>
        {codes.map((code) => (
          <li key={code}>{reasonWords(entry, code).text}</li>
        ))}
      </ul>
    </>
  )
}
