/** `heddle node new`: a node type that works as it is, with an example and its test. */
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { projectRoot } from '../../local/home.ts'

export async function newNode(type: string, options: { folder: string }): Promise<void> {
  if (!/^[a-z][a-z0-9_]*$/.test(type))
    throw new Error(`"${type}" is no node type: use lower-case letters, digits and underscores.`)
  const folder = path.resolve(projectRoot, options.folder)
  const file = type.replaceAll('_', '-')
  await mkdir(folder, { recursive: true })
  await writeNew(path.join(folder, `${file}.ts`), nodeText(type))
  await writeNew(path.join(folder, `${file}.test.ts`), testText(type, file))
  console.log(`Wrote ${options.folder}/${file}.ts and its test.`)
  console.log(`Name the folder in heddle.config.ts: nodes: { folders: ['${options.folder}'] }`)
}

async function writeNew(file: string, text: string): Promise<void> {
  await writeFile(file, text, { flag: 'wx' }).catch((error: unknown) => {
    throw new Error(`${path.basename(file)} is there already; choose another name.`, {
      cause: error,
    })
  })
}

const camel = (type: string): string =>
  type.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())

const nodeText = (type: string): string => `import { defineNode, out, withFields, z } from 'heddle'

export const ${camel(type)} = defineNode({
  type: '${type}',
  version: 1,
  role: 'transform',
  title: '${type.replaceAll('_', ' ')}',
  summary: 'Writes a text field in capital letters.',
  config: z.strictObject({ field: z.string().meta({ title: 'Field', widget: 'field' }) }),
  run: (page, { field }) =>
    page.map((item) => out(withFields(item, { [field]: String(item.fields[field] ?? '').toUpperCase() }))),
  examples: [{ name: 'capitals', config: { field: 'a' }, input: [{ fields: { a: 'x' } }], expect: [{ out: { a: 'X' } }] }],
})
`

const testText = (
  type: string,
  file: string,
): string => `import { conformance } from 'heddle/conformance'
import { ${camel(type)} } from './${file}.ts'

conformance([${camel(type)}])
`
