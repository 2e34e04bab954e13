/** Texts of `live_events` in Chinese. */
import type { NodeWords } from '../../engine/contract/node.ts'

export const liveEventsWords: NodeWords = {
  title: '实时事件',
  summary: '在网站、应用和服务器事件发生后一秒内接收。',
  fields: {
    sources: { title: '来源', description: '要接收事件的来源名称。留空表示全部。' },
    types: { title: '调用类型', description: '留空表示全部。' },
    names: { title: '事件名称', description: '例如 Order Completed。留空表示全部。' },
  },
  choices: {
    'types=identify': 'identify：某人是谁',
    'types=track': 'track：某人做了什么',
    'types=page': 'page：看过的页面',
    'types=screen': 'screen：看过的屏幕',
    'types=group': 'group：加入公司或家庭',
    'types=alias': 'alias：某人的新编号',
    'types=merge': 'merge：同一个人的编号',
  },
  ports: { out: '输出' },
}
