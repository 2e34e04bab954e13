/** Events → identity match → profiles and events, beside the necessary calls of MongoDB alone. */
import path from 'node:path'
import { alternate, type Bench } from './bench.ts'
import { buildByPage, buildWhole, type Built } from './bare-profiles.ts'
import { connectDatabase, type Database } from '../../engine/store/database.ts'
import { createIndexes } from '../../engine/store/indexes.ts'
import { cpuOfMongo, cpuOfProcess } from './support/cpu-time.ts'
import { peakMemory } from './support/peak-memory.ts'
import { profileFlow, writePersonEvents } from './support/person-events.ts'
import { openRunner, startPart, withServices } from './support/product.ts'

const WARM_UP_EVENTS = 5_000

export const profileBuilding: Bench = {
  name: 'profile-building',
  run: (options) =>
    withServices(async (services) => {
      const { events, say } = options
      const file = path.join(services.folder, 'people.ndjson')
      const warm = path.join(services.folder, 'warm-up.ndjson')
      await writePersonEvents(warm, WARM_UP_EVENTS)
      const people = await writePersonEvents(file, events)
      const check = (built: Omit<Built, 'seconds'>) => {
        if (built.people !== people || built.events !== events)
          throw new Error(`${built.people} people and ${built.events} events were written.`)
      }

      const sayCpu = async (pid: number, database: Database, before: readonly [number, number]) => {
        const own = (await cpuOfProcess(pid)) - before[0]
        const mongo = (await cpuOfMongo(database)) - before[1]
        say(`CPU: ${own.toFixed(1)} s of its own, ${mongo.toFixed(1)} s of MongoDB`)
      }
      const bare = async (build: typeof buildWhole): Promise<number> => {
        const database = await connectDatabase({ uri: services.mongoUri, database: 'bare' })
        await createIndexes(database)
        const before = [await cpuOfProcess(process.pid), await cpuOfMongo(database)] as const
        const built = await build(database, file)
        await sayCpu(process.pid, database, before)
        await database.db.dropDatabase()
        await database.close()
        check(built)
        return events / built.seconds
      }
      const product = async (): Promise<number> => {
        const runner = await openRunner(services)
        const worker = await startPart(services, ['worker'])
        try {
          await runner.run(profileFlow(warm))
          for (const name of ['identities', 'profiles', 'events'] as const)
            await runner.database.collection(name).deleteMany({})
          const before = [
            await cpuOfProcess(worker.pid),
            await cpuOfMongo(runner.database),
          ] as const
          const { seconds } = await runner.run(profileFlow(file))
          await sayCpu(worker.pid, runner.database, before)
          say(`peak memory of the worker ${(await peakMemory(worker.pid)).toFixed(0)} MiB`)
          check({
            people: await runner.database.collection('profiles').countDocuments(),
            events: await runner.database.collection('events').countDocuments(),
          })
          return events / seconds
        } finally {
          await worker.stop()
          await runner.database.db.dropDatabase()
          await runner.stop()
        }
      }
      const measured = await alternate(options, () => bare(buildWhole), product)
      say(`page by page, bare: ${(await bare(buildByPage)).toFixed(0)} events/s`)
      return {
        value: measured.product,
        unit: 'events/s',
        limit: measured.limit,
        compares: 'ratio',
        bar: 0.8,
        better: 'more',
      }
    }),
}
