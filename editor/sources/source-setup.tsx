/** How a site, an app or a server sends here: its key, and code to copy for each official client. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SourceView } from '../../engine/contract/api/sources.ts'
import { useSend } from '../api/use-api.ts'
import { useSession } from '../session/session.ts'
import { Button } from '../ui/button.tsx'
import { useCopyText } from '../ui/copy-text.ts'
import { formatDate } from '../ui/format.ts'
import { Failure } from '../ui/parts.tsx'
import { clientNames, snippetFor, type ClientName } from './snippets.ts'

export function SourceSetup({ source }: { source: SourceView }) {
  const { t } = useTranslation()
  const { may } = useSession()
  const [client, setClient] = useState<ClientName>('segment-browser')
  const rotate = useSend('sourceRotate', ['sourceRead', 'sourceList'])
  const current = source.keys.find(({ expiresAt }) => expiresAt === undefined)
  const code = snippetFor(client, { key: current?.key ?? '', host: location.origin })
  const copy = useCopyText()
  return (
    <div className="source-setup">
      <section aria-labelledby="source-key">
        <h2 id="source-key">{t('sources.key')}</h2>
        <p className="help">{t('sources.keyText')}</p>
        <div className="row">
          <input
            readOnly
            className="mono"
            aria-labelledby="source-key"
            value={current?.key ?? ''}
          />
          <Button icon="copy" onClick={() => copy(current?.key ?? '')}>
            {t('ui.copy')}
          </Button>
          {may('sourceRotate') && (
            <Button
              icon="retry"
              busy={rotate.isPending}
              title={t('sources.rotateHelp')}
              onClick={() => rotate.mutate({ params: { id: source.id }, body: {} })}
            >
              {t('sources.rotate')}
            </Button>
          )}
        </div>
        {source.keys
          .filter(({ expiresAt }) => expiresAt !== undefined)
          .map(({ key, expiresAt }) => (
            <p key={key} className="help">
              {t('sources.oldKey', { when: formatDate(expiresAt ?? '') })}
            </p>
          ))}
        {rotate.error && <Failure error={rotate.error} />}
      </section>
      <section aria-labelledby="source-code">
        <h2 id="source-code">{t('sources.code')}</h2>
        <p className="help">{t('sources.codeText')}</p>
        <div className="row">
          <select
            aria-label={t('sources.client')}
            value={client}
            onChange={(event) => setClient(event.target.value as ClientName)}
          >
            {Object.entries(clientNames).map(([id, name]) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
          <Button icon="copy" onClick={() => copy(code)}>
            {t('ui.copy')}
          </Button>
        </div>
        <pre className="snippet" tabIndex={0} aria-label={clientNames[client]}>
          {code}
        </pre>
      </section>
    </div>
  )
}
