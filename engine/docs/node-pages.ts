/** All docs pages of node types, by file name, with their list. */
import type { NodeType, Role } from '../contract/node.ts'
import { nodePage } from './node-page.ts'

const ROLES: ReadonlyArray<[Role, string]> = [
  ['source', 'Sources'],
  ['transform', 'Transforms'],
  ['identity', 'Identity'],
  ['consent', 'Consent'],
  ['profile', 'Profiles'],
  ['audience', 'Audiences'],
  ['intelligence', 'Intelligence'],
  ['destination', 'Destinations'],
]

export function nodePages(nodeTypes: readonly NodeType[]): Map<string, string> {
  const pages = new Map(nodeTypes.map((nodeType) => [`${nodeType.type}.md`, nodePage(nodeType)]))
  return pages.set('README.md', listPage(nodeTypes))
}

function listPage(nodeTypes: readonly NodeType[]): string {
  const parts = ROLES.flatMap(([role, title]) => {
    const rows = nodeTypes
      .filter((nodeType) => nodeType.role === role)
      .map(({ type, title: name, summary }) => `| [${name}](${type}.md) | ${summary} |`)
    return rows.length === 0
      ? []
      : [`## ${title}`, ['| Node type | What it does |', '| --- | --- |', ...rows].join('\n')]
  })
  return `${['# Node types', 'Made by `npm run docs` from the declarations in `nodes/`. To write one of your own: [node-types.md](../node-types.md).', ...parts].join('\n\n')}\n`
}
