/** Short notices: shown for a while, and read out by screen readers. */
import { create } from 'zustand'
import { useTranslation } from 'react-i18next'
import { IconButton } from './button.tsx'

interface Notice {
  id: number
  text: string
  tone: 'plain' | 'error'
  action?: { text: string; onChoose(): void }
}

interface NoticeState {
  notices: Notice[]
  /** For screen readers only. */
  spoken: string
}

const useNotices = create<NoticeState>()(() => ({ notices: [], spoken: '' }))
let lastId = 0

const dismiss = (id: number): void =>
  useNotices.setState((state) => ({ notices: state.notices.filter((notice) => notice.id !== id) }))

export function notify(
  text: string,
  { tone = 'plain', action }: { tone?: Notice['tone']; action?: Notice['action'] } = {},
): void {
  const id = ++lastId
  useNotices.setState((state) => ({
    notices: [...state.notices.slice(-2), { id, text, tone, ...(action ? { action } : {}) }],
  }))
  setTimeout(() => dismiss(id), action || tone === 'error' ? 12_000 : 5_000)
}

/** Says something to screen readers without showing it. */
export const announce = (text: string): void => useNotices.setState({ spoken: text })

export function Notices() {
  const { t } = useTranslation()
  const { notices, spoken } = useNotices()
  return (
    <>
      <div className="notices" role="status" aria-live="polite">
        {notices.map(({ id, text, tone, action }) => (
          <div key={id} className={`notice ${tone}`}>
            <span>{text}</span>
            {action && (
              <button
                type="button"
                className="notice-action"
                onClick={() => {
                  dismiss(id)
                  action.onChoose()
                }}
              >
                {action.text}
              </button>
            )}
            <IconButton icon="close" label={t('ui.dismiss')} onClick={() => dismiss(id)} />
          </div>
        ))}
      </div>
      <div className="only-spoken" role="log" aria-live="polite" data-testid="spoken">
        {spoken}
      </div>
    </>
  )
}
