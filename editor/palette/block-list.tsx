/** Saved blocks of steps: a click puts a copy into the flow. */
import { useTranslation } from 'react-i18next'
import type { BlockView } from '../../engine/contract/api/blocks.ts'
import { useApi, useSend } from '../api/use-api.ts'
import { IconButton } from '../ui/button.tsx'
import { Icon } from '../ui/icons.tsx'
import { notify } from '../ui/notices.tsx'

export function BlockList({
  search,
  onInsert,
}: {
  search: string
  onInsert(block: BlockView): void
}) {
  const { t } = useTranslation()
  const blocks = useApi('blockList')
  const remove = useSend('blockDelete', ['blockList'])
  const found = (blocks.data?.items ?? []).filter(({ name }) =>
    name.toLowerCase().includes(search.trim().toLowerCase()),
  )
  if (found.length === 0) return null
  return (
    <section aria-label={t('block.title')}>
      <h2>{t('block.title')}</h2>
      <ul>
        {found.map((block) => (
          <li key={block.id} className="palette-block">
            <button type="button" className="palette-entry" onClick={() => onInsert(block)}>
              <span className="role-mark" data-role="block">
                <Icon name="copy" size={17} />
              </span>
              <span>
                {block.name}
                <small>{t('flows.steps', { count: block.steps.nodes.length })}</small>
              </span>
            </button>
            <IconButton
              icon="trash"
              label={t('block.delete', { name: block.name })}
              onClick={() =>
                remove.mutate(
                  { params: { id: block.id } },
                  { onSuccess: () => notify(t('block.deleted', { name: block.name })) },
                )
              }
            />
          </li>
        ))}
      </ul>
    </section>
  )
}
