/** Why consent stands against using a record, in words: of the consent filter and of every step that
 *  sends, which the engine checks once more whatever the flow says. */

export const CONSENT_REASONS = {
  unknown: 'Nothing is known about consent.',
  denied: 'Consent was refused.',
  withdrawn: 'Consent was withdrawn.',
  objected: 'The person objected.',
  expired: 'Consent has expired.',
  restricted: 'The person restricted the use of their data.',
  opted_out: 'The person opted out of the sale or sharing of their data.',
  no_person: 'The record belongs to no known person, so consent cannot be looked up.',
} as const

export type ConsentRefusal = keyof typeof CONSENT_REASONS

export const CONSENT_REASONS_ZH: Record<ConsentRefusal, string> = {
  unknown: '没有关于同意的记录。',
  denied: '已拒绝同意。',
  withdrawn: '同意已撤回。',
  objected: '此人已提出反对。',
  expired: '同意已过期。',
  restricted: '此人限制了对其数据的使用。',
  opted_out: '此人已选择退出数据的出售或共享。',
  no_person: '该记录不属于任何已知的人，无法查询同意。',
}
