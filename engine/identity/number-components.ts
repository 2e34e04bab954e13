/** Gives the components of a joined batch their numbers, by first record, and lists their members. */
import { createIntList } from './int-list.ts'
import type { JoinedBatch } from './join-records.ts'

export type Components = {
  count: number
  /** Component of each record; -1 for a record without a usable identifier. */
  recordComponent: Int32Array
  /** Members of component c: `memberIdentifiers[memberStart[c] … memberStart[c + 1])`. */
  memberStart: Int32Array
  memberIdentifiers: Int32Array
  /** The stored profile a component belongs to; undefined when it is a new person. */
  profileIdOf: (component: number) => string | undefined
}

export const numberComponents = (
  { recordAnchor, find, next, seedOf }: JoinedBatch,
  profileId: (seed: number) => string,
): Components => {
  const numberOfRoot = new Int32Array(next.length).fill(-1)
  const roots = createIntList()
  const recordComponent = new Int32Array(recordAnchor.length).fill(-1)
  for (let record = 0; record < recordAnchor.length; record++) {
    const anchor = recordAnchor[record] ?? -1
    if (anchor === -1) continue
    const root = find(anchor)
    if (numberOfRoot[root] === -1) {
      numberOfRoot[root] = roots.length()
      roots.push(root)
    }
    recordComponent[record] = numberOfRoot[root] ?? -1
  }

  const memberStart = new Int32Array(roots.length() + 1)
  const members = createIntList()
  for (const [component, root] of roots.view().entries()) {
    memberStart[component] = members.length()
    let id = root
    do {
      members.push(id)
      id = next[id] ?? root
    } while (id !== root)
  }
  memberStart[roots.length()] = members.length()

  return {
    count: roots.length(),
    recordComponent,
    memberStart,
    memberIdentifiers: members.view(),
    profileIdOf: (component) => {
      const seed = seedOf[roots.view()[component] ?? -1] ?? -1
      return seed === -1 ? undefined : profileId(seed)
    },
  }
}
