import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { convertCdnow, parseCdnow } from './cdnow.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heddle-cdnow-'))
})
afterAll(() => rm(folder, { recursive: true }))

// Made-up rows in the published layouts; a copy of the real file is named by HEDDLE_CDNOW.
const master = ` customer_id  date number_of_cds  dollar_value
 00007 19970103  1   10.50
 00007 19970412 12  150.00
 00008 19980630  2    0.00
`
const realFile = process.env.HEDDLE_CDNOW ?? ''

describe('convertCdnow', () => {
  it('turns fixed-width purchases into CSV', async () => {
    const [input, output] = [join(folder, 'master.txt'), join(folder, 'out.csv')]
    await writeFile(input, master)
    expect(await convertCdnow(input, output)).toEqual({ rows: 3, customers: 2 })
    expect(await readFile(output, 'utf8')).toBe(
      'customer_id,date,units,amount\n00007,1997-01-03,1,10.50\n00007,1997-04-12,12,150.00\n00008,1998-06-30,2,0.00\n',
    )
  })

  it("reads the sample's second customer column as no date", () => {
    expect(parseCdnow(' 00004 0001 19970118  2   29.73\n')).toEqual([
      { customerId: '00004', date: '1997-01-18', units: 2, amount: '29.73' },
    ])
  })

  it('writes nothing when there is no file', async () => {
    const output = join(folder, 'none.csv')
    expect(await convertCdnow(join(folder, 'missing.txt'), output)).toBeUndefined()
    await expect(readFile(output)).rejects.toThrow('ENOENT')
  })

  it('names the line it cannot read', () => {
    expect(() => parseCdnow(`${master}total 3\n`)).toThrow('Line 5')
  })

  it.skipIf(realFile === '')('converts the published set in full', async () => {
    const output = join(folder, 'real.csv')
    expect(await convertCdnow(realFile, output)).toEqual({ rows: 69_659, customers: 23_570 })
    const [, ...lines] = (await readFile(output, 'utf8')).trimEnd().split('\n')
    const spend = lines.reduce((sum, line) => sum + Number(line.split(',')[3]), 0)
    expect(spend).toBeCloseTo(2_500_315.63, 2)
  })
})
