/** What MongoDB refused because it was there already: harmless where writes are keyed. */
const DUPLICATE_KEY = 11_000

/** Positions of the documents refused as duplicates; undefined when it is another error. */
export function duplicateIds(error: unknown): number[] | undefined {
  const writeErrors = (error as { writeErrors?: unknown }).writeErrors
  const list = Array.isArray(writeErrors) ? writeErrors : writeErrors ? [writeErrors] : []
  const all = list as Array<{ code: number; index: number }>
  return all.length > 0 && all.every(({ code }) => code === DUPLICATE_KEY)
    ? all.map(({ index }) => index)
    : undefined
}

/** Whether a single write was refused because another document has its key. */
export const isDuplicate = (error: unknown): boolean =>
  (error as { code?: unknown }).code === DUPLICATE_KEY

export async function ignoreDuplicates(insert: Promise<unknown>): Promise<number[]> {
  try {
    await insert
    return []
  } catch (error) {
    const duplicates = duplicateIds(error)
    if (duplicates) return duplicates
    throw error
  }
}
