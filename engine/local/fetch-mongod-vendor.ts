/**
 * MongoDB's own download, through the library of the field, which knows the archive for each system.
 * It runs in a process of its own, so that a download that stands still can be ended.
 */
import { copyFile } from 'node:fs/promises'
import { join, resolve, sep } from 'node:path'
import type { Fetcher } from './install-binary.ts'
import { runFetchScript } from './run-fetch-script.ts'

const version = '8.0.13'
const stallMs = 20_000

export const fetchMongodFromVendor: Fetcher = {
  source: `mongodb.org download (${version})`,
  fetch: async (folder, { env, report }) => {
    const path = await runFetchScript({
      script: 'fetch-mongod-vendor.script.ts',
      folder,
      report,
      stallMs,
      label: `mongod ${version}`,
      env: {
        ...env,
        MONGOMS_DOWNLOAD_DIR: folder,
        MONGOMS_VERSION: version,
        MONGOMS_MD5_CHECK: 'true',
        // Without this the library accepts any certificate.
        npm_config_strict_ssl: 'true',
      },
    })
    return path.startsWith(resolve(folder) + sep) ? path : copyInto(folder, path)
  },
}

/** The library found a copy of its own: that one belongs to another project and stays. */
async function copyInto(folder: string, path: string): Promise<string> {
  const copy = join(folder, 'mongod-copy')
  await copyFile(path, copy)
  return copy
}
