/** Routes of signing in, users and API tokens. */
import { z } from 'zod'
import {
  userRoleSchema,
  type Route,
  idSchema,
  timeSchema,
  okSchema,
  localeSchema,
  listOf,
} from './route.ts'

export const userViewSchema = z.object({
  id: idSchema,
  name: z.string(),
  email: z.string(),
  roles: z.array(userRoleSchema),
  disabled: z.boolean(),
  locale: localeSchema.optional(),
})

export type UserView = z.infer<typeof userViewSchema>

const passwordSchema = z.string().min(10).max(200)

const emailSchema = z.email().max(254)

export const tokenViewSchema = z.object({
  id: idSchema,
  name: z.string(),
  roles: z.array(userRoleSchema),
  createdAt: timeSchema,
  lastUsedAt: timeSchema.optional(),
})

export const sessionRoutes = {
  sessionRead: {
    method: 'GET',
    path: '/api/session',
    summary: 'Who is signed in',
    access: 'anyone',
    answer: userViewSchema,
  },
  sessionOpen: {
    method: 'POST',
    path: '/api/session',
    summary: 'Sign in',
    access: 'public',
    body: z.strictObject({ email: emailSchema, password: z.string().min(1).max(200) }),
    answer: userViewSchema,
  },
  sessionClose: {
    method: 'DELETE',
    path: '/api/session',
    summary: 'Sign out',
    access: 'anyone',
    answer: okSchema,
  },
  sessionClaim: {
    method: 'POST',
    path: '/api/session/claim',
    summary: 'Use a one-time link to set a password and sign in',
    access: 'public',
    body: z.strictObject({
      token: z.string().min(16).max(200),
      name: z.string().trim().min(1).max(120),
      email: emailSchema,
      password: passwordSchema,
    }),
    answer: userViewSchema,
  },
  sessionUpdate: {
    method: 'PATCH',
    path: '/api/session',
    summary: 'Change own name or language',
    access: 'anyone',
    body: z.strictObject({
      name: z.string().trim().min(1).max(120).optional(),
      locale: localeSchema.optional(),
    }),
    answer: userViewSchema,
  },
  userList: {
    method: 'GET',
    path: '/api/users',
    summary: 'Users of the workspace',
    access: ['owner'],
    answer: listOf(userViewSchema),
  },
  userInvite: {
    method: 'POST',
    path: '/api/users',
    summary: 'Invite a user; answers with a one-time link',
    access: ['owner'],
    body: z.strictObject({
      name: z.string().trim().min(1).max(120),
      email: emailSchema,
      roles: z.array(userRoleSchema).min(1),
    }),
    answer: z.object({ user: userViewSchema, link: z.string() }),
  },
  userUpdate: {
    method: 'PATCH',
    path: '/api/users/:id',
    summary: 'Change roles or disable',
    access: ['owner'],
    body: z.strictObject({
      roles: z.array(userRoleSchema).min(1).optional(),
      disabled: z.boolean().optional(),
    }),
    answer: userViewSchema,
  },
  userLink: {
    method: 'POST',
    path: '/api/users/:id/link',
    summary: 'A new one-time link, as when a password is forgotten',
    access: ['owner'],
    answer: z.object({ user: userViewSchema, link: z.string() }),
  },
  tokenList: {
    method: 'GET',
    path: '/api/tokens',
    summary: 'API tokens',
    access: ['owner', 'engineer'],
    answer: listOf(tokenViewSchema),
  },
  tokenCreate: {
    method: 'POST',
    path: '/api/tokens',
    summary: 'Make an API token, shown once',
    access: ['owner'],
    body: z.strictObject({
      name: z.string().trim().min(1).max(120),
      roles: z.array(userRoleSchema).min(1),
    }),
    answer: z.object({ token: z.string(), view: tokenViewSchema }),
  },
  tokenDelete: {
    method: 'DELETE',
    path: '/api/tokens/:id',
    summary: 'Revoke an API token',
    access: ['owner'],
    answer: okSchema,
  },
} as const satisfies Record<string, Route>
