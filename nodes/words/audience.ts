/** Texts of `audience` in Chinese. */
import type { NodeWords } from '../../engine/contract/node.ts'

export const audienceWords: NodeWords = {
  title: '受众',
  summary: '判断谁属于受众，并记录进入和离开。',
  fields: {
    key: { title: '键', description: '在其他系统中的受众名称。' },
    name: { title: '名称' },
    condition: {
      title: '谁属于受众',
      description: '记录的字段、档案特征（traits.名称），或 profile.createdAt 等档案信息。',
    },
    pass: { title: '谁继续' },
    rest: { title: '不在受众中的人' },
  },
  choices: {
    'pass=members': '受众中的所有人',
    'pass=entered': '仅刚进入的人',
    'pass=left': '仅刚离开的人',
    'rest=drop': '在此结束',
    'rest=other': '从“不在受众中”出口离开',
  },
  ports: { in: '人', out: '输出', other: '不在受众中' },
  reasons: {
    outside: '此人不属于该受众。',
    unchanged: '此人的状态没有变化，只有变化的人继续。',
    no_person: '记录不属于任何已知的人。',
  },
}
