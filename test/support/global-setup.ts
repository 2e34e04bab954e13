/** One mongod and one Temporal for a whole test run. */
import type { TestProject } from 'vitest/node'
import { startTestServices } from '../../engine/local/test-services.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    mongoUri: string
    temporalAddress: string
  }
}

export async function setup(project: TestProject) {
  const services = await startTestServices()
  project.provide('mongoUri', services.mongoUri)
  project.provide('temporalAddress', services.temporalAddress)
  return () => services.stop()
}
