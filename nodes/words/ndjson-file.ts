/** Texts of `ndjson_file` in Chinese. */
import type { NodeWords } from '../../engine/contract/node.ts'
import { originChoices, originFields } from './file-origin.ts'

export const ndjsonFileWords: NodeWords = {
  title: 'JSON 文件',
  summary: '读取每行一条 JSON 记录的文件，或 JSON 列表。',
  fields: {
    ...originFields,
    columns: { title: '字段', description: '上传文件时识别出的字段。' },
  },
  choices: originChoices,
  ports: { out: '输出' },
  reasons: { bad_json: '该记录不是 JSON 对象。' },
}
