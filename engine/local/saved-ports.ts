/** The ports an instance used last: bookmarks and scripts keep working after a restart. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { writePrivateFile } from './write-private-file.ts'

const portsSchema = z.record(z.string(), z.number().int().min(1).max(65_535))

export type Ports = z.infer<typeof portsSchema>

export async function readPorts(home: string): Promise<Ports> {
  try {
    return portsSchema.parse(JSON.parse(await readFile(portsPath(home), 'utf8')))
  } catch {
    return {}
  }
}

/** Adds to what is saved; a part keeps its port when another part's is saved. */
export async function savePorts(home: string, ports: Ports): Promise<void> {
  const all = { ...(await readPorts(home)), ...ports }
  await writePrivateFile(portsPath(home), JSON.stringify(all, null, 2))
}

function portsPath(home: string): string {
  return join(home, 'ports.json')
}
