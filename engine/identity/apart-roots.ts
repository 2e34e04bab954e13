/** Which components hold profiles that a person took apart; costs nothing where there are none. */
interface ApartSeed {
  profileId: string
  apart: readonly string[]
}

export function createApartRoots(seeds: readonly ApartSeed[]) {
  const isUsed = seeds.some(({ apart }) => apart.length > 0)
  const seedsAt = new Map<number, ApartSeed[]>()
  const at = (root: number): ApartSeed[] => seedsAt.get(root) ?? []

  return {
    seed: (root: number, seed: number): void => {
      const one = seeds[seed]
      if (isUsed && one) seedsAt.set(root, [...at(root), one])
    },
    join: (from: readonly number[], into: number): void => {
      if (isUsed) seedsAt.set(into, from.flatMap(at))
    },
    forbids: (roots: readonly number[]): boolean => {
      if (!isUsed) return false
      const all = roots.flatMap(at)
      const ids = new Set(all.map(({ profileId }) => profileId))
      return all.some(({ apart }) => apart.some((id) => ids.has(id)))
    },
  }
}
