import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { problemCodeSchema } from '../../engine/contract/problem.ts'
import { runStateSchema } from '../../engine/contract/run.ts'
import { roleSchema } from '../../engine/contract/node.ts'
import { userRoleSchema } from '../../engine/contract/api/route.ts'
import { fieldMeaningSchema, fieldTypeSchema } from '../../engine/contract/shape.ts'
import { OPERATORS } from '../inspector/widgets/condition-tree.ts'
import { en } from './en.ts'
import { zhCn } from './zh-cn.ts'

type Tree = { [key: string]: string | Tree }

const flatten = (tree: Tree, path = ''): Map<string, string> =>
  new Map(
    Object.entries(tree).flatMap(([key, value]): Array<[string, string]> =>
      typeof value === 'string' ? [[path + key, value]] : [...flatten(value, `${path}${key}.`)],
    ),
  )
const english = flatten(en)
const chinese = flatten(zhCn)
const has = (key: string): boolean => english.has(key) || english.has(`${key}_other`)

const holes = (text: string | undefined): string[] =>
  [...(text ?? '').matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? '').sort()

describe('texts', () => {
  it('has the same keys in both languages', () => {
    expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort())
  })

  it('leaves no text empty', () => {
    for (const texts of [english, chinese])
      expect([...texts].filter(([, text]) => text.trim() === '')).toEqual([])
  })

  it('names the same values in both languages', () => {
    const differing = [...english].filter(
      ([key, text]) => holes(text).join() !== holes(chinese.get(key)).join(),
    )
    expect(differing.map(([key]) => key)).toEqual([])
  })

  it('has every key the editor asks for', () => {
    const asked = sources(join(import.meta.dirname, '..')).flatMap((text) =>
      [...text.matchAll(/\bt\(\s*'([^']+)'/g)].map((match) => match[1] ?? ''),
    )
    expect(asked.length).toBeGreaterThan(200)
    expect(asked.filter((key) => !has(key))).toEqual([])
  })

  it.each([
    ['runState', runStateSchema.options],
    ['role', roleSchema.options],
    ['userRole', userRoleSchema.options],
    ['userRoleHelp', userRoleSchema.options],
    ['meaning', fieldMeaningSchema.options],
    ['fieldType', fieldTypeSchema.options],
    ['operator', OPERATORS],
    ['problem', problemCodeSchema.options.flatMap((code) => [`${code}.message`, `${code}.fix`])],
  ])('names each %s of the contract', (group, members) => {
    expect(members.filter((member) => !has(`${group}.${member}`))).toEqual([])
  })
})

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !name.includes('.test.'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
}
