/** Code that makes an official client send here; the same in every language of the editor. */
export const clientNames = {
  'segment-browser': 'Segment analytics.js (browser)',
  'segment-node': 'Segment analytics-node (Node.js)',
  'segment-python': 'Segment analytics-python',
  'rudder-node': 'RudderStack Node SDK',
  jitsu: 'Jitsu (browser or Node.js)',
  curl: 'curl',
} as const
export type ClientName = keyof typeof clientNames

interface Address {
  key: string
  host: string
}

const SNIPPETS: Readonly<Record<ClientName, (address: Address) => string>> = {
  'segment-browser': ({ key, host }) => `import { AnalyticsBrowser } from '@segment/analytics-next'

const analytics = AnalyticsBrowser.load(
  { writeKey: '${key}', cdnURL: '${host}' },
  {
    integrations: {
      'Segment.io': { apiHost: '${new URL(host).host}/v1', protocol: '${new URL(host).protocol.slice(0, -1)}' },
    },
  },
)
analytics.identify('user-1', { email: 'ada@example.com' })
analytics.track('Order Completed', { total: 12 })`,
  'segment-node': ({ key, host }) => `import { Analytics } from '@segment/analytics-node'

const analytics = new Analytics({ writeKey: '${key}', host: '${host}' })
analytics.identify({ userId: 'user-1', traits: { email: 'ada@example.com' } })
analytics.track({ userId: 'user-1', event: 'Order Completed', properties: { total: 12 } })`,
  'segment-python': ({ key, host }) => `import segment.analytics as analytics

analytics.write_key = '${key}'
analytics.host = '${host}'
analytics.identify('user-1', {'email': 'ada@example.com'})
analytics.track('user-1', 'Order Completed', {'total': 12})`,
  'rudder-node': ({ key, host }) => `import Analytics from '@rudderstack/rudder-sdk-node'

const analytics = new Analytics('${key}', { dataPlaneUrl: '${host}' })
analytics.identify({ userId: 'user-1', traits: { email: 'ada@example.com' } })
analytics.track({ userId: 'user-1', event: 'Order Completed', properties: { total: 12 } })`,
  jitsu: ({ key, host }) => `import { jitsuAnalytics } from '@jitsu/js'

const analytics = jitsuAnalytics({ host: '${host}', writeKey: '${key}' })
analytics.identify('user-1', { email: 'ada@example.com' })
analytics.track('Order Completed', { total: 12 })`,
  curl: ({ key, host }) => `curl ${host}/v1/track -u ${key}: -H 'content-type: application/json' \\
  -d '{"userId":"user-1","event":"Order Completed","properties":{"total":12}}'`,
}

export const snippetFor = (client: ClientName, address: Address): string =>
  SNIPPETS[client](address)
