/**
 * Temporal's own download, through its testing package. That package only knows how to download and
 * start in one go, so the script starts the server for a moment; the file is what is wanted.
 */
import type { Fetcher } from './install-binary.ts'
import { runFetchScript } from './run-fetch-script.ts'

const stallMs = 20_000

export const fetchTemporalFromVendor: Fetcher = {
  source: 'temporal.download',
  fetch: (folder, { env, report }) =>
    runFetchScript({
      script: 'fetch-temporal-vendor.script.ts',
      folder,
      report,
      stallMs,
      label: 'temporal',
      env,
    }),
}
