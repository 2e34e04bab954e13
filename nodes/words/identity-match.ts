/** Texts of `identity_match` in Chinese. */
import type { NodeWords } from '../../engine/contract/node.ts'

export const identityMatchWords: NodeWords = {
  title: '身份匹配',
  summary: '找出哪些记录属于同一个人。',
  fields: {
    identifiers: { title: '标识', description: '最强的在前。两个人不能合并时，先放弃最弱的标识。' },
    'identifiers.type': {
      title: '类型',
      description: '如 email、phone、user_id、loyalty_id、anonymous_id。',
    },
    'identifiers.field': { title: '字段' },
    'identifiers.limit': {
      title: '每人最多',
      description: '一个人可有多少个此类标识。0 表示通常值：user_id 为 1，其他为 5。',
    },
    'identifiers.window': { title: '计算期间' },
    listField: {
      title: '标识列表字段',
      description: '记录的更多标识，各带类型，如实时事件所带。',
    },
    regionField: { title: '国家字段', description: '没有国家代码的电话按此国家读取。' },
    onMissing: { title: '没有可用标识时' },
    blockedValues: { title: '不代表任何人的值', description: '完全相同的值，不区分大小写。' },
    blockedPatterns: {
      title: '不代表任何人的模式',
      description: '共用邮箱和占位值的模式（RE2 语法）。',
    },
    protectKnownUsers: {
      title: '不合并两个已知用户',
      description: '两个人各有 user_id 时，即使共用设备或邮箱也保持分开。',
    },
    maxMerges: { title: '一个档案最多合并次数' },
    maxIdentifiers: { title: '一个档案最多标识数' },
  },
  choices: {
    'identifiers.window=ever': '一直',
    'identifiers.window=weekly': '每 7 天',
    'identifiers.window=monthly': '每 30 天',
    'identifiers.window=annually': '每 365 天',
    'onMissing=drop': '排除该记录',
    'onMissing=fail': '搁置该记录',
    'onMissing=anonymous': '为其建立匿名档案',
  },
  ports: { in: '输入', out: '输出' },
  reasons: {
    no_identifier: '记录没有可用的标识，不属于任何人。',
    erased: '此人已要求删除，其数据不再收入。',
  },
}
