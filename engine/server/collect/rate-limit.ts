/** How many events a second a source may send to this server: a bucket that fills up again. */
export function createRateLimit(now: () => number = Date.now) {
  const buckets = new Map<string, { left: number; at: number }>()
  return {
    /** Milliseconds to wait; 0 when they may come in. */
    take(sourceId: string, count: number, perSecond: number): number {
      if (perSecond <= 0) return 0
      const at = now()
      const bucket = buckets.get(sourceId) ?? { left: perSecond, at }
      const left = Math.min(perSecond, bucket.left + ((at - bucket.at) * perSecond) / 1_000)
      const mayCome = left >= Math.min(count, perSecond)
      buckets.set(sourceId, { left: mayCome ? left - count : left, at })
      return mayCome ? 0 : Math.ceil(((Math.min(count, perSecond) - left) / perSecond) * 1_000)
    },
  }
}
