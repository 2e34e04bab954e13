/** Texts of `branch` in Chinese. */
import type { NodeWords } from '../../engine/contract/node.ts'

export const branchWords: NodeWords = {
  title: '分支',
  summary: '按条件把记录送往不同的路径，以第一个符合的为准。',
  fields: {
    branches: { title: '分支', description: '从上到下判断，第一个符合的生效。' },
    'branches.id': { title: '键' },
    'branches.name': { title: '名称' },
    'branches.condition': { title: '条件' },
  },
  ports: { in: '输入', otherwise: '其他' },
}
