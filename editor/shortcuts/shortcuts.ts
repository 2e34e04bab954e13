/** The keys there are, and those a person has put in their place; remembered in this browser. */
import { create } from 'zustand'
import { z } from 'zod'
import { comboOf, isSingleKey, type Pressed } from './combo.ts'

export const DEFAULTS = {
  palette: 'Mod+K',
  help: '?',
  search: '/',
  find: 'Mod+F',
  open: 'Enter',
  select: 'Space',
  connect: 'C',
  add: 'A',
  remove: 'Delete',
  why: 'W',
  note: 'N',
  group: 'Mod+G',
  tidy: 'T',
  selectAll: 'Mod+A',
  duplicate: 'Mod+D',
  undo: 'Mod+Z',
  redo: 'Mod+Shift+Z',
  save: 'Mod+S',
  preview: 'Mod+Enter',
  outline: 'O',
  zoomIn: '+',
  zoomOut: '-',
  fit: '0',
} as const

export type Action = keyof typeof DEFAULTS
export const ACTIONS = Object.keys(DEFAULTS) as Action[]

interface ShortcutState {
  own: Partial<Record<Action, string>>
  /** False: keys of one letter do nothing, for people who speak to their computer. */
  singleKeys: boolean
}

const KEY = 'heddle.shortcuts'
const storedSchema = z.object({
  own: z.record(z.string(), z.string()).catch({}),
  singleKeys: z.boolean().catch(true),
})

function read(): ShortcutState {
  try {
    const stored = storedSchema.parse(JSON.parse(localStorage.getItem(KEY) ?? '{}'))
    return { ...stored, own: stored.own }
  } catch {
    return { own: {}, singleKeys: true }
  }
}

export const useShortcuts = create<ShortcutState>()(read)
useShortcuts.subscribe((state) => localStorage.setItem(KEY, JSON.stringify(state)))

export const comboFor = (action: Action, { own } = useShortcuts.getState()): string =>
  own[action] ?? DEFAULTS[action]

/** Backspace is Delete's twin on small keyboards, and Ctrl + Y redoes on Windows. */
const TWINS: Record<string, string> = { Backspace: 'Delete', 'Mod+Y': 'Mod+Shift+Z', '=': '+' }

/** The action of a pressed key; undefined when there is none, or single keys are off. */
export function actionOf(event: Pressed): Action | undefined {
  const pressed = comboOf(event)
  if (pressed === undefined) return undefined
  const state = useShortcuts.getState()
  if (isSingleKey(pressed) && !state.singleKeys) return undefined
  const named = (combo: string) => ACTIONS.find((action) => comboFor(action, state) === combo)
  const twin = TWINS[pressed]
  return named(pressed) ?? (twin === undefined ? undefined : named(twin))
}

/** Gives an action another key. Returns the action that has it already, and changes nothing then. */
export function rebind(action: Action, combo: string): Action | undefined {
  const taken = ACTIONS.find((other) => other !== action && comboFor(other) === combo)
  if (taken) return taken
  const { [action]: _, ...others } = useShortcuts.getState().own
  useShortcuts.setState({
    own: combo === DEFAULTS[action] ? others : { ...others, [action]: combo },
  })
  return undefined
}

export const resetShortcuts = (): void => useShortcuts.setState({ own: {}, singleKeys: true })

export const isMac = (): boolean => navigator.userAgent.includes('Mac')
