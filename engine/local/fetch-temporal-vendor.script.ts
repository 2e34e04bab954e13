/** Run by fetch-temporal-vendor.ts with the folder as argument; prints the path as its last line. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { TestWorkflowEnvironment } from '@temporalio/testing'
import { printFetched } from './print-fetched.ts'

const downloadDir = process.argv[2] ?? '.'

await printFetched(async () => {
  const environment = await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'cached-download', downloadDir } },
  })
  await environment.teardown()
  const downloaded = (await readdir(downloadDir)).find((name) => name.startsWith('temporal'))
  if (!downloaded) throw new Error('the download left no file')
  return join(downloadDir, downloaded)
})
