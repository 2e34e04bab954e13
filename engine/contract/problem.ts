/** A finding about a flow, shown on the node's card; errors block publishing. */
import { z } from 'zod'

export const problemCodeSchema = z.enum([
  'flow_empty',
  'no_source',
  'duplicate_node_id',
  'unknown_node_type',
  'node_type_version',
  'bad_setting',
  'port_not_connected',
  'wire_unknown_node',
  'wire_unknown_port',
  'wire_wrong_kind',
  'wire_port_full',
  'cycle',
  'unknown_field',
  'unreachable_node',
  'no_consent_filter',
  'raw_personal_data',
  'sensitive_profiling',
  'nothing_leaves',
  'live_and_other_source',
  'live_needs_all',
  'live_with_schedule',
])
export type ProblemCode = z.infer<typeof problemCodeSchema>

export const problemSchema = z.object({
  code: problemCodeSchema,
  severity: z.enum(['error', 'warning']),
  /** The node concerned, absent when the whole flow is. */
  nodeId: z.string().optional(),
  wireId: z.string().optional(),
  /** Setting within the node's config, as in `mappings.0.from`. */
  path: z.string().optional(),
  /** English sentence naming the thing and the reason. */
  message: z.string(),
  /** What to do next. */
  fix: z.string(),
  /** Values named in the message, for translated texts. */
  values: z.record(z.string(), z.string()).optional(),
})
export type Problem = z.infer<typeof problemSchema>
