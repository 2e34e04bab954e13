#!/usr/bin/env node
/**
 * The first file that runs: plain JavaScript without dependencies, so that it works on a fresh clone.
 * It checks Node's version, installs the locked packages when they are missing or outdated, and hands
 * over to the TypeScript command line.
 */
import { requireNode } from './node-version.mjs'

requireNode()

const { ensurePackages } = await import('./packages.mjs')
const { runTypeScript } = await import('./run-typescript.mjs')

await ensurePackages()
process.exitCode = await runTypeScript('engine/cli/main.ts', process.argv.slice(2))
