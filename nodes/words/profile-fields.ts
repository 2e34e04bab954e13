/** Texts of `profile_fields` in Chinese. */
import type { NodeWords } from '../../engine/contract/node.ts'

export const profileFieldsWords: NodeWords = {
  title: '添加档案字段',
  summary: '把档案特征加到每条记录，例如收件地址。',
  fields: {
    rows: { title: '特征' },
    'rows.trait': {
      title: '特征',
      description: '“preference_link”提供此人隐私选择页面的链接。',
    },
    'rows.field': { title: '成为字段' },
  },
  ports: { in: '人', out: '输出' },
  reasons: { no_profile: '没有此人的档案。' },
}
