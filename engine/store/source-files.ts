/** The files sources read: uploads, the file at an address, or the files of an allowed folder. */
import { open, readdir, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { RejectedError } from '../contract/error.ts'
import type { FilesService, SourceFile } from '../contract/services.ts'
import type { FetchedFiles } from './fetched-files.ts'
import type { UploadStore } from './uploads.ts'

/** What a source's settings say; the same shape as in the source node types. */
const originSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('upload'), file: z.object({ id: z.string() }).loose() }),
  z.object({ kind: z.literal('url'), url: z.string() }),
  z.object({ kind: z.literal('folder'), path: z.string() }),
])

export interface SourceFilesDeps {
  uploads: UploadStore
  fetched: FetchedFiles
  /** How long a file at a web address is taken to be the same. Default: it is asked for each time. */
  freshMs?: number
  /** Folders that may be read; none by default. Only this configuration opens the disk. */
  importFolders: readonly string[]
}

const FOLDER = 'folder:'

export function createSourceFiles({
  uploads,
  fetched,
  importFolders,
  freshMs = 0,
}: SourceFilesDeps): FilesService {
  /** The real path, when it lies in an allowed folder: links that lead out are refused. */
  const allowed = async (given: string): Promise<string> => {
    const real = await realpath(given).catch(() => undefined)
    for (const folder of importFolders) {
      const root = await realpath(folder).catch(() => undefined)
      if (real && root && (real === root || real.startsWith(root + path.sep))) return real
    }
    throw new RejectedError(
      'folder_not_allowed',
      'The folder is not among those this installation may read. Ask an engineer to add it to HEDDLE_IMPORT_FOLDERS.',
    )
  }

  const listFolder = async (given: string): Promise<SourceFile[]> => {
    const root = await allowed(given)
    const names = (await stat(root)).isDirectory() ? (await readdir(root)).sort() : ['']
    const files = await Promise.all(
      names
        .filter((name) => !name.startsWith('.'))
        .map(async (name) => {
          const file = await allowed(path.join(root, name))
          const { size, isFile } = await stat(file).then((s) => ({
            size: s.size,
            isFile: s.isFile(),
          }))
          return isFile ? [{ id: `${FOLDER}${file}`, name: path.basename(file), bytes: size }] : []
        }),
    )
    return files.flat()
  }

  return {
    async list(origin) {
      const parsed = originSchema.safeParse(origin)
      if (!parsed.success)
        throw new RejectedError('no_file_chosen', 'No file is chosen yet. Choose one in the step.')
      if (parsed.data.kind === 'folder') return listFolder(parsed.data.path)
      if (parsed.data.kind === 'url') return [await fetched.fetch(parsed.data.url, { freshMs })]
      const file = await uploads.find(parsed.data.file.id)
      if (!file)
        throw new RejectedError(
          'file_is_gone',
          'The file was deleted. Upload it again in the step.',
        )
      return [{ id: file.id, name: file.name, bytes: file.bytes }]
    },
    async read(fileId, start, end) {
      if (!fileId.startsWith(FOLDER)) return uploads.read(fileId, start, end)
      const handle = await open(await allowed(fileId.slice(FOLDER.length)))
      try {
        const buffer = Buffer.alloc(Math.max(0, end - start))
        const { bytesRead } = await handle.read(buffer, 0, buffer.length, start)
        return buffer.subarray(0, bytesRead)
      } finally {
        await handle.close()
      }
    },
  }
}
