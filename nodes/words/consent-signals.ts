/** Texts of `consent_signals` in Chinese. */
import type { NodeWords } from '../../engine/contract/node.ts'

export const consentSignalsWords: NodeWords = {
  title: '读取同意信号',
  summary:
    '保存事件中的同意信息：网站上的选择、TCF 与 GPP 字符串、Google 同意模式和浏览器的“请勿出售”信号。',
  ports: { in: '人', out: '输出' },
  reasons: { no_person: '记录不属于任何已知的人。' },
}
