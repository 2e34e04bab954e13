/** `heddle node new`: a node type that works as it is, with a fixture and a test that passes. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { configFile } from '../settings.ts'

export async function newNode(type: string, options: { folder: string }): Promise<void> {
  if (!/^[a-z][a-z0-9_]{0,63}$/.test(type))
    throw new Error(
      `"${type}" is no name for a node type. Use lower-case letters, digits and underscores, as in "loyalty_points".`,
    )
  const config = configFile()
  const folder = path.resolve(path.dirname(config), options.folder)
  const file = type.replaceAll('_', '-')
  await mkdir(folder, { recursive: true })
  const written = [
    [`${file}.ts`, nodeText(type, file)],
    [`${file}.fixture.json`, fixtureText],
    [`${file}.test.ts`, testText(type, file)],
  ] as const
  for (const [name, text] of written) await writeNew(path.join(folder, name), text)
  const shown = path.relative(process.cwd(), folder) || '.'
  for (const [name] of written) console.log(`Wrote ${path.join(shown, name)}`)
  console.log(await nameFolder(config, path.relative(path.dirname(config), folder)))
  console.log(`Try it:  npx heddle node test ${shown}`)
  console.log('See it:  npm run dev    (each change then shows in the editor at once)')
}

async function writeNew(file: string, text: string): Promise<void> {
  await writeFile(file, text, { flag: 'wx' }).catch((error: unknown) => {
    throw new Error(`${file} is there already. Choose another name, or delete it first.`, {
      cause: error,
    })
  })
}

/** Settings that are there are the engineer's own: they are told what to add, and nothing is changed. */
async function nameFolder(config: string, folder: string): Promise<string> {
  const name = path.basename(config)
  const text = await readFile(config, 'utf8').catch(() => undefined)
  if (text?.includes(`'${folder}'`) || text?.includes(`"${folder}"`))
    return `${name} names the folder already.`
  if (text !== undefined) return `Add the folder to ${name}: nodes: { folders: ['${folder}'] }`
  await writeFile(config, `export const config = { nodes: { folders: ['${folder}'] } }\n`)
  return `Wrote ${name}, which names the folder.`
}

const camel = (type: string): string =>
  type.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())

const title = (type: string): string => {
  const words = type.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

const nodeText = (
  type: string,
  file: string,
): string => `import { defineNode, out, withFields, z } from 'heddle'
import examples from './${file}.fixture.json' with { type: 'json' }

export const ${camel(type)} = defineNode({
  type: '${type}',
  version: 1,
  role: 'transform',
  title: '${title(type)}',
  summary: 'Writes a text field in capital letters.',
  config: z.strictObject({ field: z.string().meta({ title: 'Field', widget: 'field' }) }),
  fieldsUsed: ({ field }) => [['field', field]],
  run: (page, { field }) =>
    page.map((item) => out(withFields(item, { [field]: String(item.fields[field] ?? '').toUpperCase() }))),
  examples,
})
`

const fixtureText = `[
  {
    "name": "writes capital letters",
    "config": { "field": "city" },
    "input": [{ "fields": { "city": "Leeds", "age": 31 } }],
    "expect": [{ "out": { "city": "LEEDS", "age": 31 } }]
  }
]
`

const testText = (
  type: string,
  file: string,
): string => `import { conformance } from 'heddle/conformance'
import { ${camel(type)} } from './${file}.ts'

// The form, the texts, the counts, and every example of the fixture.
conformance(${camel(type)})
`
