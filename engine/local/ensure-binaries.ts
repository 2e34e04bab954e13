/** Run by `npm test` before the suites: finds or fetches MongoDB and Temporal, and says what it found. */
import { cacheFolder } from './cache-folder.ts'
import { findMongod } from './find-mongod.ts'
import { type FindContext, NotFoundError } from './find-step.ts'
import { findTemporal } from './find-temporal.ts'

const context: FindContext = {
  env: process.env,
  cache: cacheFolder(),
  report: (line) => console.log(line),
}

try {
  for (const find of [findMongod, findTemporal]) {
    const found = await find(context)
    const what = found.kind === 'binary' ? `${found.path} (${found.version})` : found.address
    console.log(`${find === findMongod ? 'MongoDB' : 'Temporal'}: ${what}, from ${found.source}`)
  }
} catch (error) {
  if (!(error instanceof NotFoundError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
