/** Routes of blocks: steps saved under a name, to be put into any flow. */
import { z } from 'zod'
import { flowNodeSchema, groupSchema, noteSchema, wireSchema } from '../flow.ts'
import { EDIT, idSchema, listOf, okSchema, timeSchema, type Route } from './route.ts'

/** Steps with the wires between them, and what is drawn beside them. */
export const blockStepsSchema = z.strictObject({
  nodes: z.array(flowNodeSchema).min(1).max(500),
  wires: z.array(wireSchema).max(2_000),
  notes: z.array(noteSchema).max(200).optional(),
  groups: z.array(groupSchema).max(200).optional(),
})

export const blockViewSchema = z.object({
  id: idSchema,
  name: z.string(),
  steps: blockStepsSchema,
  updatedAt: timeSchema,
  updatedBy: z.string(),
})
export type BlockView = z.infer<typeof blockViewSchema>

export const blocksRoutes = {
  blockList: {
    method: 'GET',
    path: '/api/blocks',
    summary: 'Saved blocks of steps',
    access: 'anyone',
    answer: listOf(blockViewSchema),
  },
  blockSave: {
    method: 'POST',
    path: '/api/blocks',
    summary: 'Save steps as a block; one of the same name is replaced',
    access: EDIT,
    body: z.strictObject({ name: z.string().trim().min(1).max(120), steps: blockStepsSchema }),
    answer: blockViewSchema,
  },
  blockDelete: {
    method: 'DELETE',
    path: '/api/blocks/:id',
    summary: 'Delete a block; flows that hold its steps keep them',
    access: EDIT,
    answer: okSchema,
  },
} as const satisfies Record<string, Route>
