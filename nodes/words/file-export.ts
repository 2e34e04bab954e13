/** Texts of `file_export` in Chinese. */
import type { NodeWords } from '../../engine/contract/node.ts'

export const fileExportWords: NodeWords = {
  title: '文件',
  summary: '生成可从运行中下载的 CSV 或 NDJSON 文件。',
  fields: {
    name: { title: '文件名', description: '不含扩展名。' },
    format: { title: '格式' },
    mode: { title: '用于', description: '用于电子表格时，会触发公式的值前加撇号。' },
    delimiter: { title: '分隔符' },
    columns: { title: '列', description: '按此顺序。NDJSON 留空表示所有字段。' },
    purposes: { title: '用途', description: '到此步骤的每条路径上的人都须同意该用途。' },
    readable: {
      title: '需要可读的值',
      description: '关闭时，如有可读的个人信息写入文件会提醒。',
    },
  },
  choices: {
    'format=csv': 'CSV（表格）',
    'format=ndjson': 'NDJSON（每行一条 JSON 记录）',
    'mode=spreadsheet': '人，用电子表格打开',
    'mode=machine': '其他程序，精确值',
    'delimiter=,': '逗号',
    'delimiter=;': '分号',
    'delimiter=\t': '制表符',
  },
  ports: { in: '输入' },
}
