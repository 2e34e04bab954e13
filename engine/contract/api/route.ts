/** What every row of the route table is made of: access, paging, errors, and the schemas all areas use. */
import { z } from 'zod'
import { problemSchema } from '../problem.ts'

export const userRoleSchema = z.enum([
  'owner',
  'marketer',
  'operator',
  'engineer',
  'privacy_officer',
])

export type UserRole = z.infer<typeof userRoleSchema>

/** `public`: no session needed. `anyone`: any signed-in user. Otherwise the roles, owner included. */
export type Access = 'public' | 'anyone' | readonly UserRole[]

export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Express path; parameters as `:id`. */
  path: string
  summary: string
  access: Access
  query?: z.ZodType
  body?: z.ZodType
  /** The body is raw bytes, of any length up to the server's limit. */
  rawBody?: boolean
  /** The body is a form, as pages without script send it. */
  formBody?: true
  /** A POST that changes nothing, so that it is not audited. */
  reads?: true
  /** A GET that shows people in the clear, so that it is audited. */
  reveals?: true
  answer: z.ZodType
  /** `events`: server-sent events. `file`: bytes to save. `page`: HTML. */
  answers?: 'json' | 'events' | 'file' | 'page'
}

export const idSchema = z.string().min(1).max(128)

/** Dead letters are named `run:node:item`, which is longer than other ids. */
export const letterIdSchema = z.string().min(1).max(512)

export const timeSchema = z.iso.datetime()

export const okSchema = z.strictObject({ ok: z.literal(true) })

export const localeSchema = z.enum(['en', 'zh-CN'])

/** Lists are read page by page: hand `next` back as `cursor`. */
export const pageQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(512).optional(),
})

export const listOf = <Schema extends z.ZodType>(items: Schema) =>
  z.object({ items: z.array(items), next: z.string().optional() })

/** Every error answer. `fields` names settings by path, for the form they came from. */
export const apiErrorSchema = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    fix: z.string().optional(),
    fields: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    problems: z.array(problemSchema).optional(),
    /** The stored thing, when another writer was faster (409). */
    current: z.unknown().optional(),
  }),
})

export type ApiError = z.infer<typeof apiErrorSchema>['error']

export const countsSchema = z.object({
  in: z.int(),
  out: z.record(z.string(), z.int()),
  dropped: z.record(z.string(), z.int()),
  failed: z.record(z.string(), z.int()),
  waiting: z.int(),
})

export const EDIT = ['owner', 'marketer', 'engineer'] as const

export const OPERATE = ['owner', 'marketer', 'operator', 'engineer'] as const

export const PEOPLE = ['owner', 'marketer', 'privacy_officer'] as const
