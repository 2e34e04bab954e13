import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import { RejectedError } from '../../engine/contract/error.ts'
import { readSource } from '../../test/support/node-context.ts'
import { csvFile } from './csv-file.ts'

const read = async (text: string | Uint8Array, config = {}) => {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text
  const { records, splits } = await readSource(csvFile, config, { file: bytes })
  return {
    splits,
    records,
    fields: records.flatMap((record) => ('fields' in record ? [record.fields] : [])),
    failed: records.flatMap((record) => ('failed' in record ? [record.failed] : [])),
  }
}

describe('reading a CSV file', () => {
  it.each([
    ['commas', 'name,city\nAda,London\n', {}],
    ['semicolons', 'name;city\nAda;London\n', {}],
    ['tabs', 'name\tcity\nAda\tLondon\n', {}],
    ['Windows line ends', 'name,city\r\nAda,London\r\n', {}],
    ['old Mac line ends', 'name,city\rAda,London\r', {}],
    ['a byte order mark', '\ufeffname,city\nAda,London\n', {}],
    ['a mark before a quoted name', '\ufeff"name",city\nAda,London\n', {}],
    ['no line end at the end', 'name,city\nAda,London', {}],
    ['blank lines', 'name,city\n\nAda,London\n\n', {}],
    ['single quotation marks', "name,city\n'Ada','London'\n", { quote: "'" }],
  ])('understands %s', async (_what, text, config) => {
    const { fields, failed } = await read(text, config)
    expect(fields).toEqual([{ name: 'Ada', city: 'London' }])
    expect(failed).toEqual([])
  })

  it.each(['utf-16le', 'utf-16be', 'windows-1252', 'gb18030'])('reads %s', async (encoding) => {
    const city = encoding === 'gb18030' ? '北京' : 'Köln'
    const text = iconv.encode(`name,city\nAda,${city}\n`, encoding, { addBOM: true })
    expect((await read(text, { encoding })).fields).toEqual([{ name: 'Ada', city }])
  })

  it('keeps delimiters, line ends and doubled marks within quotation marks', async () => {
    const { fields } = await read('a,b\n"x, ""y""\nz",1\n"","2"\n', { emptyAsMissing: false })
    expect(fields).toEqual([
      { a: 'x, "y"\nz', b: '1' },
      { a: '', b: '2' },
    ])
  })

  it('takes a mark inside an unquoted value as it is', async () => {
    const { fields } = await read('size,n\n5" pipe,1\n6"" pipe,2\n7,3\n')
    expect(fields.map(({ n }) => n)).toEqual(['1', '2', '3'])
  })

  it('names the row with a wrong number of values and reads the others', async () => {
    const { records, fields } = await read('a,b\n1,2\n3\n4,5\n')
    expect(fields).toHaveLength(2)
    expect(records[1]).toEqual({
      position: 'file:4.1',
      failed: 'wrong_column_count',
      detail: '1 values for 2 columns.',
    })
  })

  it('tells of a quotation mark that is never closed', async () => {
    expect((await read('a,b\n1,2\n"3,4\n5,6\n')).failed).toContain('unreadable_rows')
  })

  it('gives columns of the same name names of their own', async () => {
    const { fields } = await read('a,a,a_2,\n1,2,3,4\n', { header: 'yes' })
    expect(fields).toEqual([{ a: '1', a_2: '2', a_2_2: '3', column_4: '4' }])
  })

  it('takes the names of the step when the file has none', async () => {
    const columns = [
      { name: 'email', type: 'text' },
      { name: 'n', type: 'number' },
    ]
    expect((await read('ada@example.com,1\n', { header: 'no', columns })).fields).toEqual([
      { email: 'ada@example.com', n: '1' },
    ])
  })

  it('cuts a large file into pages whose records are all there, once', async () => {
    const rows = Array.from({ length: 12_345 }, (_, i) => `${i},"line\n${i}"`)
    const { splits, records, fields } = await read(`n,text\n${rows.join('\n')}\n`)
    expect(splits).toHaveLength(3)
    expect(fields.map(({ n }) => Number(n))).toEqual(rows.map((_, i) => i))
    expect(new Set(records.map(({ position }) => position)).size).toBe(12_345)
  })

  it('gives records of several files positions of their own', async () => {
    const bytes = Buffer.from('a\nx\n')
    const { records } = await readSource(csvFile, {}, { one: bytes, two: bytes })
    expect(new Set(records.map(({ position }) => position)).size).toBe(2)
  })

  it('refuses to run without a file', async () => {
    await expect(readSource(csvFile, {}, {})).rejects.toThrow(RejectedError)
  })
})
