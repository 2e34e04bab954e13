/** Dates as the systems of the sample write them. All times are UTC, so no machine's zone counts. */
export const DAY = 86_400_000

const pad = (value: number, length = 2): string => String(value).padStart(length, '0')

/** Start of a day written yyyy-mm-dd, in epoch milliseconds. */
export const startOfDay = (date: string): number => {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN
  if (Number.isNaN(time)) {
    throw new Error(`The reference date "${date}" is not a day; write it as yyyy-mm-dd.`)
  }
  return time
}

export const wholeSecond = (time: number): number => Math.floor(time / 1000) * 1000

export const isoTime = (time: number): string =>
  new Date(wholeSecond(time)).toISOString().replace('.000Z', 'Z')

/** The same instant as a clock one hour ahead of UTC writes it. */
export const isoTimeAhead = (time: number): string =>
  isoTime(time + 3_600_000).replace('Z', '+01:00')

export const isoDate = (time: number): string => new Date(time).toISOString().slice(0, 10)

export const dayFirst = (time: number): string => {
  const date = new Date(time)
  return `${pad(date.getUTCDate())}/${pad(date.getUTCMonth() + 1)}/${date.getUTCFullYear()}`
}

export const dayFirstTime = (time: number): string => {
  const date = new Date(time)
  return `${dayFirst(time)} ${pad(date.getUTCHours())}:${pad(date.getUTCMinutes())}`
}
