/** Why did this person (not) get it? Their way from the source records to the destination's answer. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Follow } from '../../engine/contract/api/dry-runs.ts'
import { droppedTotal, failedTotal, outTotal } from '../../engine/contract/counts.ts'
import { useSend } from '../api/use-api.ts'
import { currentGraph, useFlow, useGraph } from '../document/flow-store.ts'
import { Link } from '../router.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { formatDate, formatNumber } from '../ui/format.ts'
import { Icon, RoleMark } from '../ui/icons.tsx'
import { Badge, Failure, Field } from '../ui/parts.tsx'
import { nodeTitle, reasonWords } from '../words/node-words.ts'
import { RowsTable } from './fate-rows.tsx'

const SHORTEST = 3

export function FollowDialog({ run, onClose }: { run?: string; onClose(): void }) {
  const { t } = useTranslation()
  const [person, setPerson] = useState('')
  const follow = useSend('flowFollow')
  const ask = () => {
    if (person.trim().length < SHORTEST) return
    const { schemaVersion, nodes, wires, settings } = currentGraph()
    const graph = { schemaVersion, nodes, wires, settings }
    follow.mutate({ body: { graph, person, ...(run === undefined ? {} : { run }) } })
  }
  return (
    <Dialog title={t('follow.title')} onClose={onClose} size="large">
      <p>{t(run === undefined ? 'follow.text' : 'follow.textOfRun')}</p>
      <Field label={t('follow.person')} help={t('follow.personHelp')}>
        {(control) => (
          <span className="row">
            <input
              {...control}
              value={person}
              maxLength={200}
              autoComplete="off"
              onChange={(event) => setPerson(event.target.value)}
              onKeyDown={(event) => event.key === 'Enter' && ask()}
            />
            <Button kind="primary" busy={follow.isPending} onClick={ask}>
              {t('follow.ask')}
            </Button>
          </span>
        )}
      </Field>
      {follow.error && <Failure error={follow.error} />}
      <div role="status">{follow.data && <Way follow={follow.data} />}</div>
    </Dialog>
  )
}

function Way({ follow }: { follow: Follow }) {
  const { t } = useTranslation()
  if (follow.found === 0) return <p className="help">{t('follow.nobody')}</p>
  return (
    <>
      <p>
        {t('follow.found', { count: follow.found })}{' '}
        {follow.profiles.map((id) => (
          <Link key={id} href={`/profiles/${id}`}>
            {t('follow.profile')}
          </Link>
        ))}
      </p>
      <Verdict follow={follow} />
      <ol className="way">
        {follow.steps.map((step) => (
          <WayStep key={step.node} step={step} />
        ))}
      </ol>
    </>
  )
}

type Step = Follow['steps'][number]

/** The answer in one sentence, before the details. */
function Verdict({ follow }: { follow: Follow }) {
  const { t } = useTranslation()
  const { titleOf, reasonsOf } = useStepWords()
  const reached = follow.steps.filter(({ counts }) => (counts.out['delivered'] ?? 0) > 0)
  const lastStop = [...follow.steps]
    .reverse()
    .find(({ counts }) => outTotal(counts) === 0 && droppedTotal(counts) + failedTotal(counts) > 0)
  return (
    <>
      {reached.map((step) => (
        <p key={step.node} className="verdict good">
          <Icon name="check" /> {t('follow.reaches', { name: titleOf(step.node) })}
        </p>
      ))}
      {reached.length === 0 && lastStop && (
        <p className="verdict bad">
          <Icon name="stop" />{' '}
          {t('follow.ends', {
            name: titleOf(lastStop.node),
            reason: reasonsOf(lastStop)
              .map(({ text }) => text)
              .join('; '),
          })}
        </p>
      )}
    </>
  )
}

function useStepWords() {
  const { t } = useTranslation()
  const graph = useGraph()
  const catalog = useFlow((state) => state.catalog)
  const nodeOf = (id: string) => graph.nodes.find((node) => node.id === id)
  const entryOf = (id: string) => catalog.get(nodeOf(id)?.type ?? '')
  return {
    entryOf,
    titleOf: (id: string) => {
      const node = nodeOf(id)
      return node ? nodeTitle(node, entryOf(id)) : id
    },
    reasonsOf: ({ node, counts }: Step) =>
      [...Object.entries(counts.dropped), ...Object.entries(counts.failed)].flatMap(([code, n]) => {
        if (n === 0) return []
        const { about, text } = reasonWords(entryOf(node), code)
        return { n, text: about ? t('counts.about', { about, text }) : text }
      }),
  }
}

function WayStep({ step }: { step: Step }) {
  const { t } = useTranslation()
  const { entryOf, titleOf, reasonsOf } = useStepWords()
  const entry = entryOf(step.node)
  const goesOn = outTotal(step.counts)
  const reasons = reasonsOf(step)
  return (
    <li className={goesOn > 0 ? 'goes-on' : 'ends'}>
      <details>
        <summary>
          {entry && <RoleMark role={entry.role} size={24} />}
          <strong>{titleOf(step.node)}</strong>
          <span className="way-numbers">
            {goesOn > 0 && (
              <Badge tone="good" icon="check">
                {t('follow.goesOn', { count: goesOn, n: formatNumber(goesOn) })}
              </Badge>
            )}
            {reasons.map(({ n, text }) => (
              <Badge key={text} tone={goesOn > 0 ? 'neutral' : 'warn'} icon="minus">
                {formatNumber(n)} · {text}
              </Badge>
            ))}
            {step.answers.length > 0 && (
              <Badge tone="info" icon="destination">
                {t('follow.sent', { count: step.answers.length })}
              </Badge>
            )}
          </span>
        </summary>
        <RowsTable rows={step.rows} />
        {step.payloads.map((payload, i) => (
          <pre key={i}>{payload}</pre>
        ))}
        {step.answers.length > 0 && (
          <ul className="answers">
            {step.answers.map(({ at, run, status }) => (
              <li key={`${run}-${at}`}>
                <Link href={`/runs/${run}`}>{formatDate(at)}</Link>{' '}
                {status === undefined ? t('follow.written') : t('follow.answer', { status })}
              </li>
            ))}
          </ul>
        )}
      </details>
    </li>
  )
}
