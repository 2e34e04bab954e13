/** Texts of `join` in Chinese. */
import type { NodeWords } from '../../engine/contract/node.ts'

export const joinWords: NodeWords = {
  title: '关联',
  summary: '从另一组记录中查找并补充字段，例如订单的商品信息。',
  fields: {
    by: { title: '匹配依据' },
    keys: { title: '键', description: '这些字段都相同的记录互相匹配。' },
    'keys.field': { title: '字段' },
    'keys.lookupField': { title: '查找表中的字段' },
    ignoreCase: { title: '不区分大小写' },
    take: { title: '取用的字段', description: '留空则取用全部字段。' },
    prefix: { title: '前缀', description: '加在取用字段名称之前。' },
    unmatched: { title: '没有匹配时' },
  },
  choices: {
    'by=person': '同一个人',
    'by=fields': '字段相同',
    'unmatched=keep': '照原样继续',
    'unmatched=drop': '在此结束',
    'unmatched=other': '从“无匹配”出口离开',
  },
  ports: { in: '记录', lookup: '查找表', out: '输出', other: '无匹配' },
  reasons: {
    used_for_lookup: '该记录用作查找表。',
    no_match: '查找表中没有匹配的记录。',
  },
}
