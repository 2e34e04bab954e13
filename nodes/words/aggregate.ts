/** Texts of `aggregate` in Chinese. */
import type { NodeWords } from '../../engine/contract/node.ts'

export const aggregateWords: NodeWords = {
  title: '汇总',
  summary: '把多条记录合成一条，例如每个人的订单数和消费额。',
  fields: {
    by: { title: '每条记录对应' },
    fields: { title: '分组字段' },
    measures: { title: '结果' },
    'measures.to': { title: '结果名称' },
    'measures.measure': { title: '计算方式' },
    'measures.field': { title: '字段', description: '计数时可留空，表示所有记录。' },
    timeField: { title: '时间字段', description: '决定第一个和最后一个值。留空则按读取顺序。' },
  },
  choices: {
    'by=person': '人',
    'by=fields': '字段组合',
    'measures.measure=count': '数量',
    'measures.measure=sum': '总和',
    'measures.measure=average': '平均值',
    'measures.measure=min': '最小或最早',
    'measures.measure=max': '最大或最晚',
    'measures.measure=first': '第一个值',
    'measures.measure=last': '最后一个值',
    'measures.measure=distinct': '不同值的数量',
    'measures.measure=list': '不同值的列表',
  },
  ports: { in: '输入', out: '输出' },
  reasons: {
    grouped: '该记录已并入汇总。',
    no_group: '记录不属于任何已知的人，或分组字段全部为空。',
  },
}
