// Sends with Segment's own library for Node: `node send.mjs HOST WRITE_KEY COUNT`.
import { Analytics } from '@segment/analytics-node'

const [host, writeKey, count] = process.argv.slice(2)
const analytics = new Analytics({ host, writeKey, flushAt: 15, flushInterval: 200 })
const failed = []
analytics.on('error', (error) => failed.push(String(error.code ?? error)))
for (let n = 0; n < Number(count); n++) {
  analytics.track({
    userId: `n${n % 5}`,
    event: 'Order Completed',
    properties: { order_id: `node-${n}`, revenue: n, currency: 'EUR' },
    timestamp: new Date(Date.UTC(2026, 2, 1, 12, 0, n)),
  })
}
analytics.identify({ userId: 'n1', traits: { email: 'marie@example.org' } })
analytics.group({ userId: 'n1', groupId: 'node-group' })
analytics.page({ anonymousId: 'a1', name: 'Home' })
analytics.screen({ anonymousId: 'a1', name: 'Cart' })
analytics.alias({ userId: 'n1', previousId: 'a1' })
await analytics.closeAndFlush()
console.log(JSON.stringify({ failed }))
