/** An installed browser of the Chromium family, for the browser tests and for screenshots. */
import { access, constants } from 'node:fs/promises'
import { whichOf } from './look-for-binary.ts'

const names = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'microsoft-edge',
  'msedge',
]

/** Where macOS and Windows keep them: not on PATH. */
const usualPlaces: Partial<Record<NodeJS.Platform, string[]>> = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  ],
}

/** HEDDLE_CHROMIUM, else PATH, else the system's usual places. */
export async function findChromium(
  env: NodeJS.ProcessEnv = process.env,
): Promise<string | undefined> {
  const named = env['HEDDLE_CHROMIUM']
  if (named) return (await isProgram(named)) ? named : undefined
  const onPath = await whichOf(names, env)
  if (onPath) return onPath
  for (const place of usualPlaces[process.platform] ?? []) if (await isProgram(place)) return place
  return undefined
}

function isProgram(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}
