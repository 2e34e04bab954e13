/** The shared language, in one import for engineers' own node types. One of the two barrels. */
export * from './json.ts'
export * from './item.ts'
export * from './shape.ts'
export * from './node.ts'
export * from './services.ts'
export * from './error.ts'
export { z } from 'zod'
