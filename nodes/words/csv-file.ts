/** Texts of `csv_file` in Chinese. */
import type { NodeWords } from '../../engine/contract/node.ts'
import { originChoices, originFields } from './file-origin.ts'

export const csvFileWords: NodeWords = {
  title: 'CSV 文件',
  summary: '从 CSV 文件读取表格，每行一条记录。',
  fields: {
    ...originFields,
    columns: { title: '列', description: '上传文件时识别出的列。' },
    delimiter: { title: '分隔符', description: '两个值之间的符号。' },
    quote: { title: '引号', description: '包住含有分隔符的值的符号。' },
    encoding: { title: '编码' },
    header: { title: '首行为列名' },
    emptyAsMissing: { title: '忽略空值' },
  },
  choices: {
    ...originChoices,
    'delimiter=auto': '自动识别',
    'delimiter=,': '逗号',
    'delimiter=;': '分号',
    'delimiter=\t': '制表符',
    'delimiter=|': '竖线',
    'quote=auto': '自动识别',
    'quote="': '双引号',
    "quote='": '单引号',
    'quote=none': '无',
    'encoding=auto': '自动识别',
    'encoding=utf-8': 'UTF-8',
    'encoding=utf-16le': 'UTF-16（Windows）',
    'encoding=utf-16be': 'UTF-16（大端）',
    'encoding=windows-1252': '西欧（Windows-1252）',
    'encoding=windows-1250': '中欧（Windows-1250）',
    'encoding=gb18030': '中文（GB18030）',
    'encoding=shift_jis': '日文（Shift JIS）',
    'header=auto': '自动判断',
    'header=yes': '是',
    'header=no': '否',
  },
  ports: { out: '输出' },
  reasons: {
    wrong_column_count: '该行的值数与列数不符。',
    unreadable_rows: '引号未闭合，此部分余下内容无法读取。',
  },
}
