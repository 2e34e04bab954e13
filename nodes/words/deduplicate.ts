/** Texts of `deduplicate` in Chinese. */
import type { NodeWords } from '../../engine/contract/node.ts'

export const deduplicateWords: NodeWords = {
  title: '去除重复',
  summary: '每个人或每种字段组合只保留一条记录。',
  fields: {
    by: { title: '每条记录对应' },
    fields: { title: '字段', description: '这些字段都为空的记录全部保留。' },
    ignoreCase: { title: '不区分大小写' },
    keep: { title: '保留' },
    timeField: { title: '时间字段', description: '没有可读时间的记录排在最后。' },
  },
  choices: {
    'by=person': '人',
    'by=fields': '字段组合',
    'keep=first': '最先读到的',
    'keep=earliest': '最早的',
    'keep=latest': '最新的',
  },
  ports: { in: '输入', out: '输出' },
  reasons: { duplicate: '已保留另一条相同的记录。' },
}
