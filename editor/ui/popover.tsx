/** A button that opens a panel in the browser's top layer; Escape or a click outside closes it. */
import { useId, useRef, useState, type ReactNode } from 'react'
import { flushSync } from 'react-dom'

interface PopoverProps {
  /** What the button shows. */
  button: ReactNode
  label?: string
  className?: string
  panelClassName?: string
  align?: 'start' | 'end'
  tabIndex?: number
  children: ReactNode | ((close: () => void) => ReactNode)
}

const GAP = 6

export function Popover({
  button,
  label,
  className = 'button plain',
  panelClassName = '',
  align = 'start',
  tabIndex,
  children,
}: PopoverProps) {
  const id = useId()
  const anchor = useRef<HTMLButtonElement>(null)
  const panel = useRef<HTMLDivElement>(null)
  // What is inside is made when it is looked at: a canvas holds hundreds of closed panels.
  const [open, setOpen] = useState(false)
  const close = () => {
    panel.current?.hidePopover()
    anchor.current?.focus()
  }
  const place = () => {
    const box = anchor.current?.getBoundingClientRect()
    const element = panel.current
    if (!box || !element) return
    const { offsetWidth: width, offsetHeight: height } = element
    const left = align === 'end' ? box.right - width : box.left
    const below = box.bottom + GAP + height <= window.innerHeight
    element.style.left = `${Math.max(8, Math.min(left, window.innerWidth - width - 8))}px`
    element.style.top = `${below ? box.bottom + GAP : Math.max(8, box.top - GAP - height)}px`
  }
  return (
    <>
      <button
        ref={anchor}
        type="button"
        className={`${className} nodrag`}
        popoverTarget={id}
        aria-haspopup="dialog"
        {...(label === undefined ? {} : { 'aria-label': label, title: label })}
        {...(tabIndex === undefined ? {} : { tabIndex })}
      >
        {button}
      </button>
      <div
        ref={panel}
        id={id}
        popover="auto"
        role="dialog"
        aria-label={label}
        tabIndex={-1}
        className={`popover ${panelClassName}`}
        onBeforeToggle={(event) => flushSync(() => setOpen(event.newState === 'open'))}
        onToggle={(event) => {
          if (event.newState !== 'open') return
          place()
          // Opened from elsewhere by a key: Escape then gives the focus back.
          if (document.activeElement !== anchor.current) panel.current?.focus()
        }}
        onKeyDown={(event) => event.stopPropagation()}
      >
        {open && (typeof children === 'function' ? children(close) : children)}
      </div>
    </>
  )
}

interface MenuItem {
  text: string
  onChoose(): void
  danger?: boolean
  disabled?: boolean
}

/** A popover that lists things to do; arrow keys walk it. */
export function Menu({
  items,
  ...rest
}: Omit<PopoverProps, 'children'> & { items: readonly MenuItem[] }) {
  return (
    <Popover {...rest} panelClassName="menu">
      {(close) => (
        <div role="menu" onKeyDown={walkMenu}>
          {items.map(({ text, onChoose, danger, disabled }) => (
            <button
              key={text}
              type="button"
              role="menuitem"
              className={danger ? 'danger' : ''}
              disabled={disabled}
              onClick={() => {
                close()
                onChoose()
              }}
            >
              {text}
            </button>
          ))}
        </div>
      )}
    </Popover>
  )
}

function walkMenu(event: React.KeyboardEvent<HTMLDivElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (step === undefined) return
  event.preventDefault()
  const buttons = [...event.currentTarget.querySelectorAll('button')]
  const at = buttons.findIndex((button) => button === document.activeElement)
  buttons[(at + step + buttons.length) % buttons.length]?.focus()
}
