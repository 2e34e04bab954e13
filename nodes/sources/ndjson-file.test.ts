import { describe, expect, it } from 'vitest'
import { readSource } from '../../test/support/node-context.ts'
import { ndjsonFile } from './ndjson-file.ts'

const read = async (text: string) => {
  const { records, splits } = await readSource(ndjsonFile, {}, { file: Buffer.from(text) })
  return {
    splits,
    records,
    fields: records.flatMap((record) => ('fields' in record ? [record.fields] : [])),
    failed: records.flatMap((record) => ('failed' in record ? [record] : [])),
  }
}

describe('reading a JSON file', () => {
  it.each([
    ['one record a line', '{"a":1}\n{"a":2}\n'],
    ['Windows line ends', '{"a":1}\r\n{"a":2}\r\n'],
    ['blank lines', '\n{"a":1}\n  \n{"a":2}'],
    ['a byte order mark', '\ufeff{"a":1}\n{"a":2}\n'],
    ['a list', '[{"a":1},{"a":2}]'],
    ['a list over several lines', ' [\n  {"a":1},\n  {"a":2}\n]\n'],
  ])('understands %s', async (_what, text) => {
    const { fields, failed } = await read(text)
    expect(fields).toEqual([{ a: 1 }, { a: 2 }])
    expect(failed).toEqual([])
  })

  it.each([
    ['broken JSON', '{"a":1}\n{"a":\n{"a":2}\n', 8],
    ['a number', '{"a":1}\n12\n{"a":2}\n', 8],
    ['a list within', '{"a":1}\n[1]\n{"a":2}\n', 8],
    ['an element of a list that is no object', '[{"a":1},7,{"a":2}]', 9],
  ])('sets %s aside with its place and reads on', async (_what, text, place) => {
    const { fields, failed } = await read(text)
    expect(fields).toEqual([{ a: 1 }, { a: 2 }])
    expect(failed).toEqual([
      { position: `file:${place}`, failed: 'bad_json', detail: `At byte ${place}.` },
    ])
  })

  it('tells of a list that is cut off', async () => {
    const { fields, failed } = await read('[{"a":1},{"a":')
    expect(fields).toEqual([{ a: 1 }])
    expect(failed).toHaveLength(1)
  })

  it.each(['lines', 'list'])('reads every record of a large file of %s once', async (form) => {
    const rows = Array.from({ length: 23_456 }, (_, i) =>
      JSON.stringify({ n: i, pad: 'é"[{,\\'.repeat(i % 90) }),
    )
    const { splits, fields, records } = await read(
      form === 'list' ? `[${rows.join(',')}]` : rows.join('\n'),
    )
    expect(splits.length).toBeGreaterThan(3)
    expect(fields.map(({ n }) => n)).toEqual(rows.map((_, i) => i))
    expect(new Set(records.map(({ position }) => position)).size).toBe(rows.length)
  })

  it('reads a record longer than several parts once', async () => {
    const small = Array.from({ length: 20 }, (_, i) => `{"n":${i}}`).join('\n')
    const long = JSON.stringify({ n: 20, pad: 'x'.repeat(300_000) })
    const { fields, failed } = await read(`${small}\n${long}\n{"n":21}\n`)
    expect(fields.map(({ n }) => n)).toEqual(Array.from({ length: 22 }, (_, i) => i))
    expect(failed).toEqual([])
  })
})
