/** A field to search by, with the glass that tells so. */
import type { InputHTMLAttributes } from 'react'
import { Icon } from './icons.tsx'

interface SearchBoxProps extends InputHTMLAttributes<HTMLInputElement> {
  /** Its name and its placeholder. */
  label: string
  value: string
  onSearch(text: string): void
  wide?: boolean
}

export function SearchBox({ label, onSearch, wide = false, ...input }: SearchBoxProps) {
  return (
    <div className={wide ? 'search wide' : 'search'}>
      <Icon name="search" size={16} />
      <input
        type="search"
        aria-label={label}
        placeholder={label}
        {...input}
        onChange={(event) => onSearch(event.target.value)}
      />
    </div>
  )
}
