/** Texts of `write_profile` in Chinese. */
import type { NodeWords } from '../../engine/contract/node.ts'

export const writeProfileWords: NodeWords = {
  title: '写入档案',
  summary: '保存每个人的信息及其来源。',
  fields: {
    take: { title: '作为特征保存', description: '在任何情况下，下面的行都决定名称和规则。' },
    traitsField: { title: '含有特征的字段', description: '例如实时事件的 traits。' },
    traits: { title: '特征' },
    'traits.field': { title: '字段' },
    'traits.trait': { title: '特征' },
    'traits.rule': { title: '值不一致时保留' },
    'traits.priority': { title: '来源，最佳在前' },
    timeField: { title: '时间字段', description: '值成立的时间。留空为运行开始时间。' },
    events: { title: '把记录保存为事件', description: '带有事件名称的记录会出现在时间线上。' },
    eventField: { title: '事件名称字段', description: '没有名称的记录不保存为事件。' },
    eventName: { title: '事件名称', description: '没有选择字段时使用。' },
    typeField: { title: '事件类型字段', description: '留空表示都是人们所做的事。' },
    propertiesField: { title: '含有属性的字段', description: '留空则用下面选择的字段。' },
    messageIdField: {
      title: '唯一编号字段',
      description: '同一来源中编号和名称相同的记录不会重复保存。留空则用文件中的位置。',
    },
    eventFields: { title: '事件的属性', description: '留空表示所有字段。' },
  },
  choices: {
    'take=rows': '仅下面的字段',
    'take=all': '所有字段',
    'take=object': '某个字段内的全部内容',
    'traits.rule=latest': '最新的',
    'traits.rule=source_priority': '最佳来源的',
    'traits.rule=most_frequent': '最常见的',
    'traits.rule=longest': '最长的',
  },
  ports: { in: '人', out: '输出' },
  reasons: { no_person: '记录不属于任何已知的人。' },
}
