/**
 * Turns one file or package of engineers' own node types into one module, named by its content: so a
 * change anywhere in what it imports makes another version, and an earlier version can be loaded again.
 */
import { createHash } from 'node:crypto'
import { isBuiltin } from 'node:module'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import * as contract from '../contract/index.ts'
import { build, type BuildFailure, type Message, type Plugin } from 'esbuild'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/**
 * What `heddle` gives is never copied into a bundle: its classes must stay one. Threads and processes
 * load the product's own files in different ways, so a bundle takes it from a place both can reach.
 */
const SHARED = /[/\\]engine[/\\]contract[/\\](index|json|item|shape|node|services|error)\.ts$/
const PLACE = Symbol.for('heddle.contract')

/** Must be called before a bundle is imported. */
export function shareContract(): void {
  Object.assign(globalThis, { [PLACE]: contract })
}

export interface Bundle {
  code: string
  /** Of the code. */
  hash: string
  /** Files it is made of, for noticing changes. */
  inputs: string[]
}

export interface BundleFailure {
  reason: string
  line?: number
}

/** `name` is a file's path, or the name of a package that is looked for from the folder `from`. */
export async function bundleNodeFile(name: string, from = ROOT): Promise<Bundle | BundleFailure> {
  const isPackage = !path.isAbsolute(name)
  const code = `import * as all from ${JSON.stringify(name)}\nexport const found = Object.values(all)\n`
  try {
    const made = await build({
      ...(isPackage
        ? { stdin: { contents: code, resolveDir: from, sourcefile: 'package' } }
        : { entryPoints: [name] }),
      absWorkingDir: ROOT,
      bundle: true,
      write: false,
      metafile: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      sourcemap: 'inline',
      logLevel: 'silent',
      banner: { js: requireFrom(isPackage ? path.join(from, 'package.json') : name) },
      plugins: [linkOutside(isPackage ? name : undefined)],
    })
    const text = made.outputFiles[0]?.text ?? ''
    const inputs = Object.keys(made.metafile.inputs).map((input) => path.resolve(ROOT, input))
    return { code: text, hash: digest(text), inputs }
  } catch (error) {
    return describeFailure(error)
  }
}

export const digest = (text: string): string =>
  createHash('sha256').update(text).digest('hex').slice(0, 24)

/** CommonJS packages within the bundle look for their own packages from where they came. */
const requireFrom = (file: string): string =>
  `import { createRequire as heddleRequire } from 'node:module'; const require = heddleRequire(${JSON.stringify(pathToFileURL(file).href)});`

const RESOLVING = Symbol('resolving')

/** Packages stay outside, by their whole address; what is written in TypeScript goes in. */
function linkOutside(own: string | undefined): Plugin {
  return {
    name: 'heddle-node-types',
    setup(builder) {
      builder.onResolve({ filter: /.*/ }, async (args) => {
        const { path: wanted, kind, importer, resolveDir } = args
        if (kind === 'entry-point' || args.pluginData === RESOLVING || wanted === own) return null
        if (wanted === 'heddle') return FROM_PLACE
        if (isBuiltin(wanted)) return { path: wanted, external: true }
        const look = (folder: string) =>
          builder.resolve(wanted, { kind, importer, resolveDir: folder, pluginData: RESOLVING })
        const isRelative = /^[./]/.test(wanted)
        const near = await look(resolveDir)
        const found = near.errors.length > 0 && !isRelative ? await look(ROOT) : near
        if (found.errors.length > 0 || found.external) return near
        if (found.path.startsWith(ROOT) && SHARED.test(found.path)) return FROM_PLACE
        if (isRelative || /\.[mc]?tsx?$/.test(found.path)) return { path: found.path }
        const isRequire = kind === 'require-call' || kind === 'require-resolve'
        return { path: isRequire ? found.path : pathToFileURL(found.path).href, external: true }
      })
      builder.onLoad({ filter: /.*/, namespace: FROM_PLACE.namespace }, () => ({
        contents: `module.exports = globalThis[Symbol.for('${PLACE.description}')]`,
        loader: 'js',
      }))
    },
  }
}

const FROM_PLACE = { path: 'heddle', namespace: 'heddle' }

function describeFailure(error: unknown): BundleFailure {
  const first: Message | undefined = (error as Partial<BuildFailure>).errors?.[0]
  if (!first) return { reason: error instanceof Error ? error.message : String(error) }
  const line = first.location?.line
  return line === undefined ? { reason: first.text } : { reason: first.text, line }
}
