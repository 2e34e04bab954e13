/** Texts of `record_consent` in Chinese. */
import type { NodeWords } from '../../engine/contract/node.ts'

const SEVERAL = '多个值用逗号分隔。'

export const recordConsentWords: NodeWords = {
  title: '记录同意',
  summary: '把允许或拒绝写入同意历史。',
  fields: {
    purposeField: { title: '用途字段', description: '留空则用下面的固定用途。' },
    purpose: { title: '固定用途' },
    stateField: { title: '选择字段', description: '没有选择的记录直接继续。' },
    granted: { title: '表示同意的值', description: SEVERAL },
    denied: { title: '表示拒绝的值', description: SEVERAL },
    withdrawn: { title: '表示撤回的值', description: SEVERAL },
    objected: { title: '表示反对的值', description: SEVERAL },
    timeField: { title: '时间字段', description: '作出选择的时间。留空为运行开始时间。' },
    noticeField: { title: '告知版本字段', description: '人们看到的说明文字的版本。' },
    validDays: { title: '同意有效天数', description: '0 表示直到撤回。' },
  },
  ports: { in: '人', out: '输出' },
  reasons: {
    unknown_choice: '该选择不在列出的值中，未作记录。',
    no_purpose: '记录没有说明选择针对哪个用途。',
    no_person: '记录不属于任何已知的人。',
    bad_time: '选择时间无法读取。',
  },
}
