/** Routes of identity: why records are one person, and taking them apart again. */
import { z } from 'zod'
import { type Route, idSchema, PEOPLE, timeSchema } from './route.ts'

const identifierViewSchema = z.object({ type: z.string(), value: z.string() })

/** One joining of two profiles, values masked. */
export const mergeViewSchema = z.object({
  id: idSchema,
  at: timeSchema,
  /** What each side was known by before. */
  kept: z.array(identifierViewSchema),
  joined: z.array(identifierViewSchema),
  /** Identifiers of the record that named both; absent for merges from before they were kept. */
  because: z.array(identifierViewSchema).optional(),
  run: z.string().optional(),
  undone: z.object({ at: timeSchema, by: z.string() }).optional(),
  /** Only the latest merge that stands can be undone. */
  undoable: z.boolean(),
})

export type MergeView = z.infer<typeof mergeViewSchema>

export const identityRoutes = {
  mergeList: {
    method: 'GET',
    path: '/api/profiles/:id/merges',
    summary: 'Why this is one person: each joining with what led to it, values masked',
    access: 'anyone',
    answer: z.object({ items: z.array(mergeViewSchema) }),
  },
  mergeUndo: {
    method: 'POST',
    path: '/api/profiles/:id/merges/:merge/undo',
    summary: 'Take two joined people apart; both keep what was theirs',
    access: PEOPLE,
    body: z.strictObject({ reason: z.string().trim().min(3).max(300) }),
    answer: z.object({ kept: idSchema, parted: idSchema }),
  },
} as const satisfies Record<string, Route>
