/** Parked records of a run: why, what was in them, and another try or giving up. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useList, useSend } from '../api/use-api.ts'
import { useCatalog } from '../api/use-catalog.ts'
import type { RunView } from '../api/use-run-stream.ts'
import { navigate } from '../router.tsx'
import { Button } from '../ui/button.tsx'
import { formatAgo } from '../ui/format.ts'
import { notify } from '../ui/notices.tsx'
import { Badge, Failure, MoreButton, Skeleton, type Tone } from '../ui/parts.tsx'
import { RecordFields } from '../ui/record-fields.tsx'
import { toggled } from '../ui/toggled.ts'
import { nodeTitle, reasonWords } from '../words/node-words.ts'

const TONES: Record<string, Tone> = {
  parked: 'bad',
  rerunning: 'info',
  resolved: 'good',
  discarded: 'neutral',
}

export function DeadLetters({ run }: { run: RunView }) {
  const { t } = useTranslation()
  const { byType } = useCatalog()
  const [code, setCode] = useState('')
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const letters = useList('deadLetterList', { run: run.id, code })
  const rerun = useSend('deadLetterRerun', ['deadLetterList', 'runList'])
  const discard = useSend('deadLetterDiscard', ['deadLetterList'])
  const open = letters.items.filter((letter) => letter.state === 'parked')
  const ids = open.filter((letter) => chosen.has(letter.id)).map((letter) => letter.id)
  const codes = [...new Set([code, ...letters.items.map((letter) => letter.code)])].filter(Boolean)
  const entryOf = (nodeId: string) =>
    byType.get(run.graph?.nodes.find((node) => node.id === nodeId)?.type ?? '')
  const titleOf = (nodeId: string) => {
    const node = run.graph?.nodes.find((known) => known.id === nodeId)
    return node ? nodeTitle(node, entryOf(nodeId)) : nodeId
  }
  const tryAgain = () =>
    rerun.mutate(
      { body: { run: run.id, ...(ids.length > 0 ? { ids } : {}) } },
      { onSuccess: ({ run: next }) => navigate(`/runs/${next.id}`) },
    )
  const giveUp = () =>
    discard.mutate(
      { body: { ids } },
      {
        onSuccess: ({ discarded }) => {
          setChosen(new Set())
          notify(t('parked.discarded', { count: discarded }))
        },
      },
    )
  return (
    <section aria-labelledby="parked">
      <div className="section-head">
        <h2 id="parked">{t('parked.title')}</h2>
        <div className="row">
          <select
            aria-label={t('parked.byReason')}
            value={code}
            onChange={(event) => setCode(event.target.value)}
          >
            <option value="">{t('parked.allReasons')}</option>
            {codes.map((known) => (
              <option key={known}>{known}</option>
            ))}
          </select>
          <Button
            icon="retry"
            busy={rerun.isPending}
            disabled={open.length === 0}
            onClick={tryAgain}
          >
            {ids.length > 0 ? t('parked.rerunChosen', { count: ids.length }) : t('parked.rerunAll')}
          </Button>
          <Button
            kind="danger"
            busy={discard.isPending}
            disabled={ids.length === 0}
            onClick={giveUp}
          >
            {t('parked.discard', { count: ids.length })}
          </Button>
        </div>
      </div>
      <p className="help">{t('parked.text')}</p>
      {[letters.error, rerun.error, discard.error].map(
        (error, i) => error && <Failure key={i} error={error} />,
      )}
      {letters.isPending ? (
        <Skeleton />
      ) : (
        <table className="table cards-when-narrow">
          <thead>
            <tr>
              <th>
                <input
                  type="checkbox"
                  aria-label={t('parked.chooseAll')}
                  checked={open.length > 0 && ids.length === open.length}
                  onChange={(event) =>
                    setChosen(new Set(event.target.checked ? open.map((letter) => letter.id) : []))
                  }
                />
              </th>
              <th>{t('parked.step')}</th>
              <th>{t('parked.reason')}</th>
              <th>{t('parked.record')}</th>
              <th>{t('parked.state')}</th>
              <th>{t('parked.last')}</th>
            </tr>
          </thead>
          <tbody>
            {letters.items.map((letter) => (
              <tr key={letter.id}>
                <td>
                  <input
                    type="checkbox"
                    aria-label={t('parked.choose', { name: titleOf(letter.nodeId) })}
                    disabled={letter.state !== 'parked'}
                    checked={chosen.has(letter.id)}
                    onChange={() => setChosen(toggled(chosen, letter.id))}
                  />
                </td>
                <td>{titleOf(letter.nodeId)}</td>
                <td>
                  {reasonWords(entryOf(letter.nodeId), letter.code).text}
                  {letter.detail && <small>{letter.detail}</small>}
                </td>
                <td>
                  <details>
                    <summary>{t('parked.show')}</summary>
                    <RecordFields fields={letter.fields} />
                  </details>
                </td>
                <td>
                  <Badge tone={TONES[letter.state] ?? 'neutral'}>
                    {t(`parked.states.${letter.state}`)}
                  </Badge>
                </td>
                <td>
                  {formatAgo(letter.lastAt)}{' '}
                  <small>{t('parked.attempts', { count: letter.attempts })}</small>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <MoreButton list={letters} />
    </section>
  )
}
