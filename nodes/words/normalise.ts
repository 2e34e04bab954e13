/** Texts of `normalise` in Chinese. */
import type { NodeWords } from '../../engine/contract/node.ts'

export const normaliseWords: NodeWords = {
  title: '规范化',
  summary: '统一邮箱、电话、姓名、国家和日期的写法。',
  fields: {
    rows: { title: '字段' },
    'rows.field': { title: '字段' },
    'rows.as': { title: '作为' },
    'rows.dateFormat': {
      title: '日期格式',
      description: '日期的写法，如 dd/MM/yyyy。留空为 ISO 8601。',
    },
    regionField: { title: '国家字段', description: '没有国家代码的电话按此国家读取。' },
    region: { title: '默认国家', description: '用于没有国家的记录。留空则用流程的默认国家。' },
    onBad: { title: '值无效时' },
  },
  choices: {
    'rows.as=email': '邮箱',
    'rows.as=phone': '电话',
    'rows.as=name': '姓名',
    'rows.as=country': '国家',
    'rows.as=date': '日期',
    'rows.as=trim': '去除首尾空格',
    'rows.as=lower': '小写',
    'rows.as=upper': '大写',
    'onBad=clear': '清空该字段',
    'onBad=drop': '排除该记录',
    'onBad=fail': '搁置该记录',
  },
  ports: { in: '输入', out: '输出' },
  reasons: { bad_value: '有一个值无法读取。' },
}
