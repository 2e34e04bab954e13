/** Texts of `map_fields` in Chinese. */
import type { NodeWords } from '../../engine/contract/node.ts'

export const mapFieldsWords: NodeWords = {
  title: '映射字段',
  summary: '重命名并填充字段，使不同来源的记录一致。',
  fields: {
    rows: {
      title: '字段',
      description: '每个新字段取自一个字段、固定值或如 {first} {last} 的文本。',
    },
    'rows.to': { title: '新字段' },
    'rows.from': { title: '取自字段' },
    'rows.constant': { title: '固定值' },
    'rows.template': { title: '文本', description: '大括号中的字段名会替换为它的值。' },
    'rows.cast': { title: '转换为' },
    keepOthers: { title: '保留其他字段', description: '关闭时，只保留此处列出的字段。' },
    decimalMark: { title: '小数点', description: '数字中小数部分之前的符号。' },
    onBad: { title: '值无法转换时' },
  },
  choices: {
    'rows.cast=keep': '保持不变',
    'rows.cast=text': '文本',
    'rows.cast=number': '数字',
    'rows.cast=date': '日期',
    'rows.cast=boolean': '是或否',
    'decimalMark=auto': '自动判断，不明确的视为无法读取',
    'decimalMark=point': '句点，如 1,234.50',
    'decimalMark=comma': '逗号，如 1.234,50',
    'onBad=clear': '清空该字段',
    'onBad=drop': '排除该记录',
    'onBad=fail': '搁置该记录',
  },
  ports: { in: '输入', out: '输出' },
  reasons: { bad_value: '有一个值无法转换。' },
}
