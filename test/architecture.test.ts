/** Who may import whom, as style has it: read from the files themselves. */
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const FOLDERS = ['engine', 'nodes', 'workflows', 'editor']

interface Source {
  file: string
  /** Imports that exist at run time, project ones as paths from the root. */
  values: string[]
  types: string[]
}

async function readSources(): Promise<Source[]> {
  const files = await Promise.all(
    FOLDERS.map(async (folder) =>
      (await readdir(path.join(ROOT, folder), { recursive: true }))
        .filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name))
        .map((name) => `${folder}/${name}`),
    ),
  )
  return Promise.all(files.flat().map(readSource))
}

async function readSource(file: string): Promise<Source> {
  const text = await readFile(path.join(ROOT, file), 'utf8')
  const found = [...text.matchAll(/^(?:import|export)\s+(type\s)?[^'"]*?from '([^']+)'/gms)]
  const resolve = (name: string): string =>
    name.startsWith('.') ? path.posix.join(path.posix.dirname(file), name) : name
  const pick = (isType: boolean) =>
    found
      .filter(([, type]) => (type !== undefined) === isType)
      .map(([, , name]) => resolve(name ?? ''))
  return { file, values: pick(false), types: pick(true) }
}

const sources = await readSources()

interface Rule {
  name: string
  of: RegExp
  /** Imports that are allowed; anything else breaks the rule. */
  may: RegExp
  kind: 'values' | 'all'
}

const RULES: Rule[] = [
  {
    name: 'the contract imports zod and itself',
    of: /^engine\/contract\//,
    may: /^(zod$|engine\/contract\/)/,
    kind: 'all',
  },
  {
    name: 'flow rules are pure',
    of: /^engine\/flow\//,
    may: /^(zod$|engine\/(contract|flow)\/)/,
    kind: 'all',
  },
  {
    name: 'identity is pure',
    of: /^engine\/identity\//,
    may: /^(zod$|re2js$|libphonenumber-js|engine\/(contract|identity)\/)/,
    kind: 'all',
  },
  {
    name: 'privacy is pure',
    of: /^engine\/privacy\//,
    may: /^(zod$|@iabtechlabtcf\/core$|@iabgpp\/cmpapi$|engine\/(contract|privacy)\/)/,
    kind: 'all',
  },
  {
    name: 'nodes know the contract, their library and pure domain rules',
    of: /^nodes\/(?!index)/,
    may: /^(zod$|re2js$|csv-parse|chardet$|iconv-lite$|@marcbachmann\/cel-js$|node:crypto$|engine\/(contract|identity|privacy)\/|nodes\/(lib|words|destinations\/webhook)\/)/,
    kind: 'all',
  },
  {
    name: 'workflows run nothing but workflow code',
    of: /^workflows\//,
    may: /^(@temporalio\/workflow$|workflows\/)/,
    kind: 'values',
  },
  {
    name: 'the editor knows the contract and flow rules',
    of: /^editor\//,
    may: /^(?!engine\/(?!contract\/|flow\/)|nodes\/|workflows\/|node:|mongodb$|@temporalio)/,
    kind: 'all',
  },
]

describe('imports', () => {
  it.each(RULES.map((rule) => [rule.name, rule] as const))('%s', (_name, rule) => {
    const mine = sources.filter(({ file }) => rule.of.test(file))
    const broken = mine.flatMap(({ file, values, types }) =>
      (rule.kind === 'all' ? [...values, ...types] : values)
        .filter((name) => !rule.may.test(name))
        .map((name) => `${file} -> ${name}`),
    )
    expect(broken).toEqual([])
  })

  it('finds files to look at', () => {
    expect(sources.length).toBeGreaterThan(80)
  })
})
