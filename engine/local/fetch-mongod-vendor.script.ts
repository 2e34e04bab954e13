/** Run by fetch-mongod-vendor.ts: its settings are in MONGOMS_… variables; prints the path as its last line. */
import { MongoBinary } from 'mongodb-memory-server-core'
import { printFetched } from './print-fetched.ts'

await printFetched(() => MongoBinary.getPath())
