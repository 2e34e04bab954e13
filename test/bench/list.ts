/** The benches there are. A new one is a file beside this one and a line here. */
import type { Bench } from './bench.ts'
import { editorBenches } from './editor-frames.ts'
import { consentCost } from './consent-cost.ts'
import { editorLoad } from './editor-load.ts'
import { liveCatchUp, liveIdle, liveLoad } from './live.ts'
import { profileBuilding } from './profile-building.ts'
import { pureFlowMemory } from './pure-flow-memory.ts'
import { pureFlow } from './pure-flow.ts'
import { tenItems } from './ten-items.ts'

export const benches: readonly Bench[] = [
  pureFlow,
  pureFlowMemory,
  profileBuilding,
  consentCost,
  ...editorBenches,
  tenItems,
  liveIdle,
  liveLoad,
  liveCatchUp,
  editorLoad,
]
