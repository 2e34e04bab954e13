/**
 * The CDNOW purchase records (a music shop, 1997-98; Fader and Hardie, "Forecasting Repeat Sales
 * at CDNOW", Interfaces 31, 2001), fixed width, as CSV. The records carry no formal licence, so
 * they are not part of the project: a path to a copy of one's own is needed.
 */
import { readFile, writeFile } from 'node:fs/promises'

export type CdnowPurchase = { customerId: string; date: string; units: number; amount: string }
export type CdnowSummary = { rows: number; customers: number }

/** Three forms: the header, the full set's four columns, the one-tenth sample's five. */
const purchaseLine = /^\s*(\d+)(?:\s+\d{1,4})?\s+(\d{4})(\d{2})(\d{2})\s+(\d+)\s+(\d+\.\d{2})\s*$/
const headerLine = /^\s*customer_id\b/

const parseLine = (line: string, number: number): CdnowPurchase => {
  const [, customerId, year, month, day, units, amount] = purchaseLine.exec(line) ?? []
  if (customerId === undefined || amount === undefined) {
    throw new Error(
      `Line ${number} is not a CDNOW purchase (customer, date, units, amount); give the path of CDNOW_master.txt or CDNOW_sample.txt as published.`,
    )
  }
  return { customerId, date: `${year}-${month}-${day}`, units: Number(units), amount }
}

export const parseCdnow = (text: string): CdnowPurchase[] =>
  text
    .split(/\r?\n/)
    .map((line, index) => ({ line, number: index + 1 }))
    .filter(({ line }) => line.trim() !== '' && !headerLine.test(line))
    .map(({ line, number }) => parseLine(line, number))

const readIfThere = async (path: string): Promise<string | undefined> => {
  try {
    return await readFile(path, 'latin1')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** Writes customer_id,date,units,amount; undefined, and nothing written, when there is no file. */
export const convertCdnow = async (
  path: string,
  outCsv: string,
): Promise<CdnowSummary | undefined> => {
  const text = await readIfThere(path)
  if (text === undefined) return undefined
  const purchases = parseCdnow(text)
  const lines = purchases.map(
    ({ customerId, date, units, amount }) => `${customerId},${date},${units},${amount}\n`,
  )
  await writeFile(outCsv, ['customer_id,date,units,amount\n', ...lines].join(''))
  const customers = new Set(purchases.map(({ customerId }) => customerId)).size
  return { rows: purchases.length, customers }
}
