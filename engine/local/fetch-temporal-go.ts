/**
 * Builds the Temporal CLI with Go from its module. Later versions than this one hold `replace` lines,
 * which `go install` refuses.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Fetcher } from './install-binary.ts'
import { binaryFile, whichOf } from './look-for-binary.ts'
import { runCommand } from './run-command.ts'
import { sayProgress } from './say-progress.ts'

const cliVersion = '1.5.1'
const module = `github.com/temporalio/cli/cmd/temporal@v${cliVersion}`
const timeoutMs = 40 * 60 * 1000
/** Linking the program is one long silent step on a slow machine. */
const stallMs = 10 * 60 * 1000

export const fetchTemporalWithGo: Fetcher = {
  source: `go install ${module}`,
  fetch: async (folder, { env, report }) => {
    const go = await whichOf(['go'], env)
    if (!go) throw new Error('Go is not installed (no `go` on PATH)')
    report('  Building takes about three minutes on two cores.')
    const bin = join(folder, 'bin')
    await mkdir(bin)
    const stampVersion = `-X github.com/temporalio/cli/temporalcli.Version=${cliVersion}`
    const result = await runCommand({
      command: go,
      // -v prints each package as it is compiled: that is the progress a stall is judged by.
      args: ['install', '-v', `-ldflags=-s -w ${stampVersion}`, module],
      cwd: folder,
      env: { ...env, GOBIN: bin, CGO_ENABLED: '0', GOFLAGS: '-buildvcs=false', GOWORK: 'off' },
      timeoutMs,
      stallMs,
      grows: folder,
      onProgress: sayProgress('go install', report),
    })
    if (!result.ok) throw new Error(result.reason)
    return join(bin, binaryFile('temporal'))
  },
}
