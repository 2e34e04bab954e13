/** The icon set: strokes of one width on a 20-pixel grid, drawn inline. */
import type { Role } from '../../engine/contract/node.ts'

const PATHS = {
  home: 'M3 9.5 10 4l7 5.5V16a1 1 0 0 1-1 1h-3.5v-5h-5v5H4a1 1 0 0 1-1-1z',
  flows: 'M3 5h4v4H3zM13 11h4v4h-4zM7 7h3.5v6H13',
  runs: 'M10 3a7 7 0 1 0 7 7M10 6v4l2.5 2M13 3.6 17 3v4',
  people:
    'M7 9a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM1.8 16.5c.4-3 2.4-4.7 5.2-4.7s4.800 1.700 5.200 4.700M13 3.300a3 3 0 0 1 0 5.400M14.500 12c2 .6 3.300 2.200 3.700 4.500',
  settings:
    'M10 12.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5zM10 2.500v2M10 15.500v2M2.500 10h2M15.500 10h2M4.700 4.700l1.400 1.400M13.900 13.900l1.400 1.400M4.700 15.300l1.400-1.400M13.900 6.100l1.400-1.400',
  plus: 'M10 4v12M4 10h12',
  minus: 'M4 10h12',
  close: 'm5 5 10 10M15 5 5 15',
  check: 'm4 10.500 4 4 8-9',
  undo: 'M7 4 3.500 7.500 7 11M4 7.500h7.500a4.500 4.500 0 0 1 0 9H8',
  redo: 'm13 4 3.500 3.500L13 11M16 7.500H8.500a4.500 4.500 0 0 0 0 9H12',
  play: 'M6 4v12l10-6z',
  pause: 'M7 4v12M13 4v12',
  stop: 'M5 5h10v10H5z',
  retry: 'M4 10a6 6 0 1 1 2 4.500M4 15v-4h4',
  eye: 'M2 10s3-5.500 8-5.500 8 5.500 8 5.500-3 5.500-8 5.500S2 10 2 10zM10 12.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z',
  warning: 'M10 3 2 17h16zM10 8v4M10 14.500v.100',
  error: 'M10 17.500a7.500 7.500 0 1 0 0-15 7.500 7.500 0 0 0 0 15zM10 6v5M10 13.500v.100',
  info: 'M10 17.500a7.500 7.500 0 1 0 0-15 7.500 7.500 0 0 0 0 15zM10 9v5M10 6.400v.100',
  search: 'M9 15A6 6 0 1 0 9 3a6 6 0 0 0 0 12zM13.500 13.500 17 17',
  trash: 'M4 6h12M8 6V4h4v2M5.500 6l.8 11h7.400l.8-11M8.500 9v5M11.500 9v5',
  up: 'm5 12.500 5-5 5 5',
  down: 'm5 7.500 5 5 5-5',
  right: 'm7.500 5 5 5-5 5',
  left: 'm12.500 5-5 5 5 5',
  tidy: 'M3 4h5v4H3zM12 4h5v4h-5zM12 12h5v4h-5zM8 6h4M10 6v8h2',
  fit: 'M3 7V3h4M13 3h4v4M17 13v4h-4M7 17H3v-4',
  upload: 'M10 13V4M6.500 7.500 10 4l3.500 3.500M4 13v3h12v-3',
  download: 'M10 4v9M6.500 9.500 10 13l3.500-3.500M4 14v3h12v-3',
  link: 'M8.500 11.500 11.500 8.500M9.500 6.500l2-2a2.800 2.800 0 0 1 4 4l-2 2M10.500 13.500l-2 2a2.800 2.800 0 0 1-4-4l2-2',
  clock: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 6v4l3 2',
  more: 'M4.500 10h.100M10 10h.100M15.500 10h.100',
  keyboard:
    'M2.500 5.500h15v9h-15zM5.500 8.500h.100M8.500 8.500h.100M11.500 8.500h.100M14.500 8.500h.100M6.500 11.500h7',
  outline: 'M3 5h2M8 5h9M3 10h2M8 10h9M3 15h2M8 15h9',
  canvas: 'M3 6h5v4H3zM12 10h5v4h-5zM8 8h2v4h2',
  lock: 'M5 9h10v8H5zM7 9V6.500a3 3 0 0 1 6 0V9',
  file: 'M5 3h6l4 4v10H5zM11 3v4h4',
  copy: 'M7 7h9v9H7zM4 13V4h9',
  person:
    'M10 9.500a3.200 3.200 0 1 0 0-6.400 3.200 3.200 0 0 0 0 6.400zM4 17c.5-3.500 3-5.300 6-5.300s5.500 1.800 6 5.300',
  moon: 'M16 11.500A6.500 6.500 0 0 1 8.500 4a6.500 6.500 0 1 0 7.500 7.500z',
  spark:
    'M10 3v4M10 13v4M3 10h4M13 10h4M5.500 5.500l2 2M12.500 12.500l2 2M5.500 14.500l2-2M12.500 7.500l2-2',
  source:
    'M10 7c3.600 0 6-1 6-2.200S13.600 2.700 10 2.700 4 3.600 4 4.800 6.400 7 10 7zM4 4.800v10.400c0 1.200 2.400 2.100 6 2.100s6-.9 6-2.100V4.800M4 10c0 1.200 2.400 2.100 6 2.100s6-.9 6-2.100',
  transform: 'M3 6h9M9.500 3.500 12 6 9.500 8.500M17 14H8M10.500 11.500 8 14l2.500 2.500',
  identity:
    'M7.500 12.500a4.500 4.500 0 1 0 0-9 4.500 4.500 0 0 0 0 9zM12.500 16.500a4.500 4.500 0 1 0 0-9 4.500 4.500 0 0 0 0 9z',
  consent:
    'M10 2.500 4 5v4.500c0 4 2.500 6.500 6 8 3.500-1.500 6-4 6-8V5zM7.500 10l1.800 1.800L12.700 8',
  profile:
    'M3 4h14v12H3zM8 10a1.800 1.800 0 1 0 0-3.600A1.800 1.800 0 0 0 8 10zM5.500 13.500c.3-1.300 1.200-2 2.500-2s2.200.7 2.500 2M12.500 8h2.500M12.500 11h2.500',
  audience: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 13a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM10 10h.100',
  intelligence: 'M3 16l4.500-5 3 2.500L17 5M13 5h4v4',
  destination: 'M17.500 2.500 9 11M17.500 2.500 12 17.500l-3-6.500-6.500-3z',
} as const

export type IconName = keyof typeof PATHS

export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg
      className="icon"
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  )
}

export const roleIcon = (role: Role, own?: string): IconName =>
  own !== undefined && own in PATHS ? (own as IconName) : role

/** The role's icon on its colour. */
export function RoleMark({ role, own, size = 28 }: { role: Role; own?: string; size?: number }) {
  return (
    <span className="role-mark" data-role={role} style={{ width: size, height: size }}>
      <Icon name={roleIcon(role, own)} size={Math.round(size * 0.6)} />
    </span>
  )
}

export function Logo({ size = 26 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="var(--brand)" />
      <path
        d="M9 7v18M16 7v18M23 7v18"
        stroke="#fff"
        strokeOpacity=".5"
        strokeWidth="2"
        strokeLinecap="round"
      />
      <path
        d="M5 16c4 0 4-4 8-4s6 8 10 8 2-4 4-4"
        stroke="#fff"
        strokeWidth="2.6"
        fill="none"
        strokeLinecap="round"
      />
    </svg>
  )
}
