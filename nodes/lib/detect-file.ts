/** Tells what an uploaded file is and which fields it holds, from its first bytes. */
import type { FileView } from '../../engine/contract/api/files.ts'
import type { Json } from '../../engine/contract/json.ts'
import { isPersonal, type FieldType } from '../../engine/contract/shape.ts'
import { decodeText, detectCsv, detectEncoding, guessMeaning } from './csv/detect-csv.ts'

const SAMPLE_LINES = 200
const SHOWN_SAMPLES = 3
/** How deep the fields of nested objects are listed. */
const MAX_DEPTH = 4

export function detectFile(sample: Uint8Array, name: string): FileView['detected'] {
  const encoding = detectEncoding(sample)
  const text = decodeText(sample, encoding).trimStart()
  const isJson = text.startsWith('{') || /\.(ndjson|jsonl)$/i.test(name)
  if (text.startsWith('[')) return { format: 'json', encoding, columns: [] }
  return isJson ? { format: 'ndjson', encoding, columns: jsonColumns(text) } : csvFacts(sample)
}

function csvFacts(sample: Uint8Array): FileView['detected'] {
  return { format: 'csv', ...detectCsv(sample) }
}

function jsonColumns(text: string): FileView['detected']['columns'] {
  const found = new Map<string, Json[]>()
  for (const line of text.split('\n', SAMPLE_LINES)) {
    try {
      collect(JSON.parse(line) as Json, '', found, 0)
    } catch {
      // The last line of the sample is cut off, and broken ones are told when the file is read.
    }
  }
  return [...found].map(([name, values]) => {
    const samples = values
      .filter((value) => value !== null && typeof value !== 'object')
      .map(String)
    const meaning = guessMeaning(name.slice(name.lastIndexOf('.') + 1), samples)
    return {
      name,
      type: typeOf(values.find((value) => value !== null)),
      ...(meaning === undefined ? {} : { meaning }),
      ...(isPersonal(meaning) ? { personal: true } : {}),
      samples: [...new Set(samples)].slice(0, SHOWN_SAMPLES),
    }
  })
}

function collect(value: Json, path: string, found: Map<string, Json[]>, depth: number): void {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  if (path !== '' && (!isObject || depth === MAX_DEPTH)) {
    const values = found.get(path) ?? []
    values.push(value)
    found.set(path, values)
  } else if (isObject)
    for (const [key, inner] of Object.entries(value))
      collect(inner, path === '' ? key : `${path}.${key}`, found, depth + 1)
}

function typeOf(value: Json | undefined): FieldType {
  if (typeof value === 'number') return 'number'
  if (typeof value === 'boolean') return 'boolean'
  if (Array.isArray(value)) return 'list'
  if (typeof value === 'string') return /^\d{4}-\d{2}-\d{2}T/.test(value) ? 'date' : 'text'
  return value === undefined ? 'unknown' : 'object'
}
