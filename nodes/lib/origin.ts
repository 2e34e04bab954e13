/** Where a file source reads from: the settings, and the parts of its files. */
import { z } from 'zod'
import { RejectedError } from '../../engine/contract/error.ts'
import type { NodeContext, Split } from '../../engine/contract/node.ts'
import type { SourceFile } from '../../engine/contract/services.ts'

export const originSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('upload'),
      file: z
        .strictObject({ id: z.string().min(1, 'Choose a file.'), name: z.string().default('') })
        .meta({ title: 'File', widget: 'file' }),
    }),
    z.strictObject({ kind: z.literal('url'), url: z.url().meta({ title: 'Address' }) }),
    z.strictObject({
      kind: z.literal('folder'),
      path: z.string().min(1).meta({ title: 'Folder' }),
    }),
  ])
  .meta({
    title: 'Read from',
    labels: { upload: 'Uploaded file', url: 'Web address', folder: 'Folder' },
  })
export type Origin = z.infer<typeof originSchema>

/** Bytes of one part of a file: from `start` up to `end`. */
export interface FileSplit {
  file: string
  /** Names the file in the positions of its records. */
  label: string
  start: number
  end: number
  size: number
}

export const toSplit = (split: FileSplit): Split => ({ ...split })

const splitSchema = z.object({
  file: z.string(),
  label: z.string(),
  start: z.number(),
  end: z.number(),
  size: z.number(),
})
export const readSplit = (split: Split): FileSplit => splitSchema.parse(split)

/** The files there are to read. Throws RejectedError when there is none. */
export async function listFiles(origin: Origin, ctx: NodeContext) {
  const files = await ctx.service('files').list(origin)
  if (files.length === 0)
    throw new RejectedError('no_files', `"${ctx.nodeName}" found no file to read.`, {
      nodeId: ctx.nodeId,
    })
  return files
}

/** Unlike the name of an upload, its id is another one when a corrected file is read. */
export const labelOf = ({ id, name }: SourceFile): string => (id.includes(':') ? name : id)
