/** Reads NDJSON: one JSON object a line. Cut by byte ranges, without a scan of the whole file. */
import { z } from 'zod'
import type { Json } from '../../engine/contract/json.ts'
import { PAGE_BYTES, PAGE_ITEMS } from '../../engine/contract/item.ts'
import { defineNode, type NodeContext, type SourceRecord } from '../../engine/contract/node.ts'
import { fieldSpecSchema } from '../../engine/contract/shape.ts'
import { listFiles, originSchema, readSplit, toSplit, type FileSplit } from '../lib/origin.ts'

const config = z.strictObject({
  origin: originSchema,
  sourceName: z.string().max(120).default('').meta({
    title: 'Source name',
    description: 'Shown wherever a value of this file is used. Empty: the name of the step.',
  }),
  columns: z.array(fieldSpecSchema).max(2_000).default([]).meta({
    title: 'Fields',
    description: 'The fields of the records, found when the file was uploaded.',
    widget: 'columns',
  }),
})

const NEWLINE = 10
const SAMPLE_BYTES = 64 * 1024
/** How far past its end a part is read at a time, to complete its last record. */
const TAIL_BYTES = 64 * 1024
/** A record longer than this is not a record. */
const MAX_RECORD_BYTES = 16 * 1024 * 1024

export const ndjsonFile = defineNode({
  type: 'ndjson_file',
  version: 1,
  role: 'source',
  title: 'JSON file',
  summary: 'Reads a file with one JSON record on each line.',
  config,
  uses: ['files'],
  fails: { bad_json: 'The line is not a JSON object.' },
  output: ({ columns }) => ({
    out: { kind: 'records', fields: columns, ...(columns.length === 0 ? { open: true } : {}) },
  }),
  source: {
    async open({ origin }, ctx) {
      const files = await listFiles(origin, ctx)
      const splits = await Promise.all(
        files.map(async ({ id, bytes }) => {
          const step = await stepBytes(id, bytes, ctx)
          return Array.from({ length: Math.ceil(bytes / step) }, (_, i) =>
            toSplit({
              file: id,
              start: i * step,
              end: Math.min(bytes, (i + 1) * step),
              size: bytes,
            }),
          )
        }),
      )
      return splits.flat()
    },
    fetch: (split, _config, ctx) => fetchRecords(readSplit(split), ctx),
    decode: (bytes, split) => decodeLines(bytes, readSplit(split)),
  },
  examples: [],
  words: {
    'zh-CN': {
      title: 'JSON 文件',
      summary: '读取每行一条 JSON 记录的文件。',
      fields: {
        origin: { title: '读取位置' },
        'origin.file': { title: '文件' },
        'origin.url': { title: '网址' },
        'origin.path': { title: '文件夹' },
        sourceName: {
          title: '来源名称',
          description: '在使用此文件的值时显示。留空则用步骤名称。',
        },
        columns: { title: '字段', description: '上传文件时识别出的字段。' },
      },
      choices: { 'origin=upload': '上传的文件', 'origin=url': '网址', 'origin=folder': '文件夹' },
      ports: { out: '输出' },
      reasons: { bad_json: '该行不是 JSON 对象。' },
    },
  },
})

async function stepBytes(file: string, bytes: number, ctx: NodeContext): Promise<number> {
  const sample = await ctx.service('files').read(file, 0, Math.min(bytes, SAMPLE_BYTES))
  let lines = 0
  for (let at = sample.indexOf(NEWLINE); at >= 0; at = sample.indexOf(NEWLINE, at + 1)) lines++
  const average = sample.length / Math.max(1, lines)
  return Math.max(1, Math.min(PAGE_BYTES, Math.ceil(average * PAGE_ITEMS)))
}

/** A part owns the records that start in it: from one byte before, to see whether one starts. */
async function fetchRecords(split: FileSplit, ctx: NodeContext): Promise<Uint8Array> {
  const files = ctx.service('files')
  const from = Math.max(0, split.start - 1)
  const body = await files.read(split.file, from, split.end)
  const parts = [body]
  let end = split.end
  let complete = body.length === 0 || body[body.length - 1] === NEWLINE
  while (!complete && end < split.size && end - split.end < MAX_RECORD_BYTES) {
    const tail = await files.read(split.file, end, Math.min(split.size, end + TAIL_BYTES))
    if (tail.length === 0) break
    const newline = tail.indexOf(NEWLINE)
    complete = newline >= 0
    parts.push(complete ? tail.subarray(0, newline + 1) : tail)
    end += tail.length
  }
  return parts.length === 1 ? body : Buffer.concat(parts)
}

function* decodeLines(bytes: Uint8Array, { start }: FileSplit): Iterable<SourceRecord> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const base = Math.max(0, start - 1)
  // The byte before the part tells whether its first record starts here or belongs to the part before.
  let at = start === 0 ? 0 : buffer.indexOf(NEWLINE) + 1
  if (start > 0 && at === 0) return
  while (at < buffer.length) {
    const newline = buffer.indexOf(NEWLINE, at)
    const end = newline < 0 ? buffer.length : newline
    const record = readLine(buffer, at, end, base + at)
    if (record) yield record
    at = end + 1
  }
}

function readLine(
  buffer: Buffer,
  from: number,
  to: number,
  position: number,
): SourceRecord | undefined {
  const line = buffer.toString('utf8', from, to)
  if (line.trim() === '' || line === '\ufeff') return undefined
  try {
    const value = JSON.parse(line.charCodeAt(0) === 0xfeff ? line.slice(1) : line) as Json
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return { position: String(position), fields: value }
  } catch {
    // Told below: a line that is JSON but no object is refused for the same reason.
  }
  return { position: String(position), failed: 'bad_json', detail: `At byte ${position}.` }
}
