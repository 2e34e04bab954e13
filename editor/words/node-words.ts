/** Texts of a node type in the language of the page, falling back to the English ones. */
import type { CatalogEntry } from '../../engine/contract/catalog.ts'
import type { FlowNode } from '../../engine/contract/flow.ts'
import { currentLocale } from './words.ts'

const wordsOf = (entry: CatalogEntry | undefined) =>
  currentLocale() === 'zh-CN' ? entry?.words['zh-CN'] : undefined

export const typeTitle = (entry: CatalogEntry): string => wordsOf(entry)?.title ?? entry.title
export const typeSummary = (entry: CatalogEntry): string => wordsOf(entry)?.summary ?? entry.summary

export const nodeTitle = (node: FlowNode, entry: CatalogEntry | undefined): string =>
  node.name || (entry ? typeTitle(entry) : node.type)

export const portTitle = (
  entry: CatalogEntry | undefined,
  port: { name: string; title: string },
): string => wordsOf(entry)?.ports?.[port.name] ?? port.title

export const fieldWords = (entry: CatalogEntry | undefined, path: string) =>
  wordsOf(entry)?.fields?.[path]

export const choiceWord = (
  entry: CatalogEntry | undefined,
  path: string,
  value: string,
): string | undefined => wordsOf(entry)?.choices?.[`${path}=${value}`]

/** Sentence of a drop reason or failure code. A code may carry what it is about: `mail:denied`. */
export function reasonWords(
  entry: CatalogEntry | undefined,
  code: string,
): { about?: string; text: string } {
  const known = { ...entry?.fails, ...entry?.drops, ...wordsOf(entry)?.reasons }
  const text = known[code]
  if (text !== undefined) return { text }
  const [about = '', ...rest] = code.split(':')
  const bare = rest.join(':')
  return bare === ''
    ? { text: code }
    : { about: about.replaceAll('_', ' '), text: known[bare] ?? bare }
}
