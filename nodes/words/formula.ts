/** Texts of `formula` in Chinese. */
import type { NodeWords } from '../../engine/contract/node.ts'

export const formulaWords: NodeWords = {
  title: '公式',
  summary: '用公式计算一个字段，例如折扣后的金额。',
  fields: {
    to: { title: '结果字段' },
    formula: {
      title: '公式',
      description:
        '用字段名书写，如 total * 0.9，或 fields["first name"]。缺少的字段为 null。可用 number()、text()、round()、isSet()。',
    },
    onError: { title: '无法计算时' },
  },
  choices: {
    'onError=fail': '搁置该记录',
    'onError=clear': '不填写该字段',
    'onError=drop': '排除该记录',
  },
  ports: { in: '输入', out: '输出' },
  reasons: {
    formula_failed: '该记录的值不适用于此公式。',
    formula_too_slow: '该记录的公式计算耗时过长。',
  },
}
