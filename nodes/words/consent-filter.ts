/** Texts of `consent_filter` in Chinese. */
import type { NodeWords } from '../../engine/contract/node.ts'

export const consentFilterWords: NodeWords = {
  title: '同意筛选',
  summary: '只让允许该用途的人通过。',
  fields: {
    purposes: { title: '用途', description: '此步骤之后数据的用途。' },
    match: { title: '须允许', description: '只有全部允许时，之后的步骤才算经过筛选。' },
    lookAt: { title: '同意记录在' },
    fields: { title: '同意字段', description: '每个用途由哪个字段表明同意。' },
    'fields.purpose': { title: '用途' },
    'fields.field': { title: '字段' },
    'fields.granted': { title: '表示同意的值', description: '多个值用逗号分隔。' },
  },
  choices: {
    'match=all': '全部用途',
    'match=any': '至少一个用途',
    'lookAt=profile': '用户档案',
    'lookAt=record': '记录的字段',
  },
  ports: { in: '输入', out: '输出' },
  reasons: {
    unknown: '没有同意记录。',
    denied: '已拒绝。',
    withdrawn: '已撤回同意。',
    objected: '本人提出反对。',
    expired: '同意已过期。',
    restricted: '本人限制了数据使用。',
    opted_out: '本人选择不出售或共享数据。',
    no_person: '记录不属于任何已知的人，无法查询同意。',
  },
}
