/** What the open flow adds to the command palette: its actions, and its steps by name. */
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { showStep } from '../canvas/focus-store.ts'
import { useCommands, type Command } from '../command/commands.ts'
import { useFlow, useGraph } from '../document/flow-store.ts'
import { readingOrder } from '../document/walk-focus.ts'
import type { Action } from '../shortcuts/shortcuts.ts'
import { nodeTitle } from '../words/node-words.ts'

type Acts = Partial<Record<Action, () => unknown>>

/** `acts` must keep its identity while it means the same. */
export function useFlowPalette(acts: Acts): void {
  const { t } = useTranslation()
  const graph = useGraph()
  const catalog = useFlow((state) => state.catalog)
  const commands = useMemo<Command[]>(
    () => [
      ...Object.entries(acts).map(([action, run]) => ({
        id: `action-${action}`,
        title: t(`shortcut.${action}`),
        group: t('command.actions'),
        action: action as Action,
        run: () => void run(),
      })),
      ...readingOrder(graph).map((node) => ({
        id: `step-${node.id}`,
        title: nodeTitle(node, catalog.get(node.type)),
        group: t('command.steps'),
        run: () => {
          showStep(node.id)
          useFlow.getState().openStep(node.id, '')
        },
      })),
    ],
    [acts, graph, catalog, t],
  )
  useCommands('flow', commands)
}
