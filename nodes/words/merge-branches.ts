/** Texts of `merge_branches` in Chinese. */
import type { NodeWords } from '../../engine/contract/node.ts'

export const mergeBranchesWords: NodeWords = {
  title: '合并分支',
  summary: '把多个分支的记录合在一起。',
  ports: { in: '分支', out: '输出' },
}
