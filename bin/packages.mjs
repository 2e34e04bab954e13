/**
 * Makes sure that node_modules holds exactly what package-lock.json names, and runs `npm ci` when it
 * does not. The lock's hash is kept inside node_modules, so the check costs a few milliseconds.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const projectRoot = dirname(dirname(fileURLToPath(import.meta.url)))

const stampName = 'node_modules/.heddle-lock'

/** 'current', or why the packages must be installed. */
export function packagesState(root = projectRoot) {
  if (!existsSync(join(root, 'node_modules'))) return 'missing'
  if (readText(join(root, stampName)) === lockHash(root)) return 'current'
  return installedMatchesLock(root) ? 'current' : 'outdated'
}

export async function ensurePackages(root = projectRoot) {
  if (packagesState(root) !== 'current') await installOnce(root)
  if (readText(join(root, stampName)) !== lockHash(root)) writeStamp(root)
}

function lockHash(root) {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
}

function writeStamp(root) {
  try {
    writeFileSync(join(root, stampName), lockHash(root))
  } catch {
    // A read-only checkout: the slower comparison with npm's own record is made each time.
  }
}

/** Somebody may have run `npm install` by hand: npm's own record of node_modules then tells. */
function installedMatchesLock(root) {
  const installed = readPackages(join(root, 'node_modules/.package-lock.json'))
  const locked = readPackages(join(root, 'package-lock.json'))
  if (!installed || !locked) return false
  const same = Object.entries(installed).every(
    ([path, entry]) =>
      locked[path]?.version === entry.version && locked[path]?.integrity === entry.integrity,
  )
  const complete = Object.entries(locked).every(
    ([path, entry]) => path === '' || entry.optional || entry.peer || installed[path],
  )
  return same && complete
}

/** Two first commands at the same time must not install over each other. */
async function installOnce(root) {
  const lock = join(root, '.heddle', 'installing')
  mkdirSync(dirname(lock), { recursive: true, mode: 0o700 })
  let told = false
  while (!takeLock(lock)) {
    if (!told) console.log('Another command is installing the packages; waiting for it …')
    told = true
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  const installed = packagesState(root) === 'current' || (await install(root))
  rmSync(lock, { force: true })
  if (!installed) process.exit(1)
}

function takeLock(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' })
    return true
  } catch {
    if (holderIsGone(lock)) rmSync(lock, { force: true })
    return false
  }
}

function holderIsGone(lock) {
  const holder = Number(readText(lock))
  if (!holder) return ageInSeconds(lock) > 5
  try {
    process.kill(holder, 0)
    return false
  } catch (error) {
    return error.code === 'ESRCH'
  }
}

function ageInSeconds(path) {
  try {
    return (Date.now() - statSync(path).mtimeMs) / 1000
  } catch {
    return 0
  }
}

/**
 * Install scripts are not run: every package used here ships its binaries ready (checked for
 * esbuild, tsx, vite and Temporal's core), and code that is not run cannot harm.
 */
async function install(root) {
  const started = Date.now()
  console.log(`Installing the packages named in package-lock.json (${packagesState(root)}) …`)
  rmSync(join(root, stampName), { force: true })
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund']
  let code = await runNpm(root, ['ci', ...quiet])
  // `npm ci` wants optional packages of every other platform in the lock file, which a registry
  // mirror may not hold; a plain install takes the same locked versions and leaves those out.
  if (code !== 0) code = await runNpm(root, ['install', '--no-save', ...quiet])
  if (code !== 0) {
    console.error(
      'The packages could not be installed: npm’s own message is above. Check the network, a proxy ' +
        'or the registry set for npm, then run the command again.',
    )
    return false
  }
  console.log(`Packages installed in ${Math.round((Date.now() - started) / 1000)} s.`)
  return true
}

function runNpm(root, args) {
  // On Windows npm is a .cmd file, which only a shell can run.
  const shell = process.platform === 'win32'
  return new Promise((resolve) => {
    const npm = spawn('npm', args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], shell })
    npm.on('error', (error) => {
      console.error(`npm could not be started (${error.message}). It comes with Node.js.`)
      resolve(1)
    })
    npm.on('exit', (code) => resolve(code ?? 1))
  })
}

function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages
  } catch {
    return undefined
  }
}

function readText(path) {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return undefined
  }
}
