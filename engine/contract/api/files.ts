/** Routes of uploaded files. */
import { z } from 'zod'
import { fieldSpecSchema } from '../shape.ts'
import {
  type Route,
  idSchema,
  timeSchema,
  okSchema,
  pageQuerySchema,
  listOf,
  EDIT,
} from './route.ts'

export const detectedColumnSchema = fieldSpecSchema.extend({ samples: z.array(z.string()) })

export const fileViewSchema = z.object({
  id: idSchema,
  name: z.string(),
  bytes: z.int(),
  uploadedAt: timeSchema,
  /** What the file looks like: format, and for CSV how it is written. */
  detected: z.object({
    format: z.enum(['csv', 'ndjson', 'json']),
    encoding: z.string(),
    delimiter: z.string().optional(),
    quote: z.string().optional(),
    header: z.boolean().optional(),
    columns: z.array(detectedColumnSchema),
  }),
})

export type FileView = z.infer<typeof fileViewSchema>

export const filesRoutes = {
  fileUpload: {
    method: 'POST',
    path: '/api/files',
    summary: 'Upload a file; the body is its bytes',
    access: EDIT,
    rawBody: true,
    query: z.strictObject({ name: z.string().min(1).max(255) }),
    answer: fileViewSchema,
  },
  fileList: {
    method: 'GET',
    path: '/api/files',
    summary: 'Uploaded files',
    access: 'anyone',
    query: pageQuerySchema,
    answer: listOf(fileViewSchema),
  },
  fileRead: {
    method: 'GET',
    path: '/api/files/:id',
    summary: 'One uploaded file',
    access: 'anyone',
    answer: fileViewSchema,
  },
  fileDelete: {
    method: 'DELETE',
    path: '/api/files/:id',
    summary: 'Delete an uploaded file',
    access: EDIT,
    answer: okSchema,
  },
} as const satisfies Record<string, Route>
