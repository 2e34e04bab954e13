/** The kept tests, run when somebody is about to publish. */
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FixtureResult } from '../../engine/contract/api/dry-runs.ts'
import { useFlow } from '../document/flow-store.ts'
import { Icon } from '../ui/icons.tsx'
import { Badge, Failure } from '../ui/parts.tsx'
import { runTests } from './kept-tests.tsx'

export function TestsBefore() {
  const { t } = useTranslation()
  const fixtures = useFlow((state) => state.history.document.graph.fixtures)
  const [results, setResults] = useState<FixtureResult[]>()
  const [error, setError] = useState<unknown>()
  const count = fixtures?.length ?? 0
  useEffect(() => {
    if (count > 0) runTests().then(setResults, setError)
  }, [count])
  if (count === 0) return null
  const failing = (results ?? []).filter(({ ok }) => !ok).length
  return (
    <div role="status">
      <h3>{t('tests.beforePublish')}</h3>
      {error !== undefined && <Failure error={error} />}
      {!results && error === undefined && <span className="spinner" aria-hidden="true" />}
      {failing > 0 && (
        <p className="error">
          <Icon name="warning" size={16} /> {t('tests.failing', { count: failing })}
        </p>
      )}
      <ul>
        {(results ?? []).map(({ id, ok }) => (
          <li key={id}>
            {fixtures?.find((fixture) => fixture.id === id)?.name}{' '}
            <Badge tone={ok ? 'good' : 'bad'} icon={ok ? 'check' : 'error'}>
              {t(ok ? 'tests.ok' : 'tests.differs')}
            </Badge>
          </li>
        ))}
      </ul>
    </div>
  )
}
