/** A searched list of steps to choose one from: to add, or to connect to. Refused ones say why. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Role } from '../../engine/contract/node.ts'
import { Dialog } from '../ui/dialog.tsx'
import { RoleMark } from '../ui/icons.tsx'

export interface Choice {
  id: string
  name: string
  about: string
  role: Role
  /** Why it cannot be chosen. */
  refused?: string
}

interface StepPickerProps {
  title: string
  choices: readonly Choice[]
  onChoose(id: string): void
  onClose(): void
  /** A refused one may be chosen too: what is wrong, and what would mend it, is told then. */
  tellsRefusals?: boolean
}

export function StepPicker({
  title,
  choices,
  onChoose,
  onClose,
  tellsRefusals = false,
}: StepPickerProps) {
  const { t } = useTranslation()
  const [search, setSearch] = useState('')
  const [at, setAt] = useState(0)
  const found = choices
    .filter(({ name, about }) => `${name} ${about}`.toLowerCase().includes(search.toLowerCase()))
    .sort((a, b) => rank(a, search) - rank(b, search))
  const choose = (choice: Choice | undefined) => {
    if (choice && (choice.refused === undefined || tellsRefusals)) onChoose(choice.id)
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <input
        autoFocus
        type="search"
        role="combobox"
        aria-expanded="true"
        aria-controls="step-choices"
        aria-activedescendant={found[at] ? `choice-${found[at].id}` : undefined}
        aria-label={t('palette.search')}
        placeholder={t('palette.search')}
        value={search}
        onChange={(event) => {
          setSearch(event.target.value)
          setAt(0)
        }}
        onKeyDown={(event) => {
          const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
          if (step !== undefined) {
            event.preventDefault()
            setAt((i) => Math.max(0, Math.min(found.length - 1, i + step)))
          } else if (event.key === 'Enter') choose(found[at])
        }}
      />
      <ul className="choices" role="listbox" id="step-choices" aria-label={title}>
        {found.map((choice, i) => (
          <li
            key={choice.id}
            id={`choice-${choice.id}`}
            role="option"
            aria-selected={i === at}
            aria-disabled={choice.refused !== undefined}
            ref={(element) => {
              if (i === at) element?.scrollIntoView({ block: 'nearest' })
            }}
            onClick={() => choose(choice)}
          >
            <RoleMark role={choice.role} />
            <span>
              <strong>{choice.name}</strong>
              <small>{choice.refused ?? choice.about}</small>
            </span>
          </li>
        ))}
        {found.length === 0 && <li className="help">{t('palette.none', { search })}</li>}
      </ul>
    </Dialog>
  )
}

/** What can be chosen comes first; among it, what has the searched words in its name. */
const rank = ({ name, refused }: Choice, search: string): number =>
  (refused === undefined ? 0 : 2) + (name.toLowerCase().includes(search.toLowerCase()) ? 0 : 1)
