/** Texts of `filter` in Chinese. */
import type { NodeWords } from '../../engine/contract/node.ts'

export const filterWords: NodeWords = {
  title: '筛选',
  summary: '只让符合条件的通过。',
  fields: {
    condition: { title: '通过条件' },
    rest: { title: '其余的', description: '不符合条件的记录如何处理。' },
  },
  choices: { 'rest=drop': '在此结束', 'rest=other': '从“其他”出口离开' },
  ports: { in: '输入', out: '输出', other: '其他' },
  reasons: { not_matching: '不符合筛选条件。' },
}
