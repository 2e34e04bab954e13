/** Texts of `webhook` in Chinese. */
import type { NodeWords } from '../../engine/contract/node.ts'

export const webhookWords: NodeWords = {
  title: 'Webhook',
  summary: '把每个人或每条记录以 JSON 发送到一个网址。',
  fields: {
    target: { title: '发送到' },
    'target.connection': { title: '连接' },
    'target.url': { title: '网址' },
    method: { title: '方法' },
    signature: {
      title: '签名',
      description: '让接收方确认请求来自此处。需要带有签名密钥的连接。',
    },
    send: { title: '每个请求包含' },
    batchSize: { title: '每个请求最多记录数' },
    body: { title: '内容' },
    fields: { title: '字段' },
    template: {
      title: '模板',
      description: 'JSON 文本，其中如 "{email}" 的字段名会替换为它的值。',
    },
    headers: { title: '请求头', description: '不要在此填写密钥，请使用连接。' },
    'headers.name': { title: '名称' },
    'headers.value': { title: '值' },
    ratePerSecond: { title: '每秒最多请求数', description: '所有工作进程合计。0 表示不限。' },
    concurrency: { title: '同时请求数' },
    timeoutSeconds: { title: '超时（秒）' },
    maxAttempts: { title: '最多尝试次数' },
    purposes: { title: '用途', description: '到此步骤的每条路径上的人都须同意该用途。' },
    readable: {
      title: '接收方需要可读的值',
      description: '关闭时，如有可读的个人信息发出会提醒。',
    },
  },
  choices: {
    'target=url': '网址',
    'target=connection': '连接',
    'method=POST': 'POST',
    'method=PUT': 'PUT',
    'method=PATCH': 'PATCH',
    'signature=none': '无',
    'signature=standard': 'Standard Webhooks',
    'signature=x_signature': 'X-Signature（HMAC-SHA1）',
    'send=one': '一条记录',
    'send=batch': '多条记录',
    'body=all': '所有字段',
    'body=fields': '选择的字段',
    'body=template': '模板',
  },
  ports: { in: '输入' },
  reasons: {
    refused_by_receiver: '接收方拒绝了该记录。',
    gave_up: '多次尝试后接收方仍未接受该记录。',
    receiver_busy: '接收方暂时无法接受，稍后再试。',
  },
}
