/** This API as OpenAPI 3.1, made from the route table. */
import { z } from 'zod'
import { routes } from '../contract/api.ts'
import { connectionViewSchema } from '../contract/api/connections.ts'
import { estimateSchema, followSchema, previewSchema } from '../contract/api/dry-runs.ts'
import { fileViewSchema } from '../contract/api/files.ts'
import {
  analysisSchema,
  flowSummarySchema,
  flowVersionSchema,
  flowViewSchema,
} from '../contract/api/flows.ts'
import {
  audienceViewSchema,
  profileSummarySchema,
  profileViewSchema,
} from '../contract/api/profiles.ts'
import { apiErrorSchema, type Access, type Route } from '../contract/api/route.ts'
import { deadLetterSchema, outputFileSchema, runViewSchema } from '../contract/api/runs.ts'
import { tokenViewSchema, userViewSchema } from '../contract/api/session.ts'
import { auditEntrySchema, healthSchema, purposeSchema } from '../contract/api/workspace.ts'
import { flowGraphSchema, jsonSchema } from '../contract/flow.ts'
import { problemSchema } from '../contract/problem.ts'
import type { ServerOptions } from './parts.ts'

/** Schemas that get a name of their own; all others stand where they are used. */
const NAMED: Record<string, z.ZodType> = {
  Analysis: analysisSchema,
  ApiError: apiErrorSchema,
  Audience: audienceViewSchema,
  AuditEntry: auditEntrySchema,
  Connection: connectionViewSchema,
  DeadLetter: deadLetterSchema,
  File: fileViewSchema,
  FlowGraph: flowGraphSchema,
  FlowSummary: flowSummarySchema,
  FlowVersion: flowVersionSchema,
  Flow: flowViewSchema,
  Health: healthSchema,
  Json: jsonSchema,
  OutputFile: outputFileSchema,
  Preview: previewSchema,
  Estimate: estimateSchema,
  Follow: followSchema,
  Problem: problemSchema,
  ProfileSummary: profileSummarySchema,
  Profile: profileViewSchema,
  Purpose: purposeSchema,
  Run: runViewSchema,
  Token: tokenViewSchema,
  User: userViewSchema,
}

type JsonObject = Record<string, unknown>

export function createOpenApi({
  version,
  publicUrl,
}: Pick<ServerOptions, 'version' | 'publicUrl'>) {
  const schemas = createSchemas()
  const paths: Record<string, JsonObject> = {}
  for (const [id, route] of Object.entries(routes) as Array<[string, Route]>) {
    const path = route.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = {
      ...paths[path],
      [route.method.toLowerCase()]: operation(id, route, schemas.convert),
    }
  }
  const error = schemas.convert(apiErrorSchema, 'output')
  return {
    openapi: '3.1.0',
    info: {
      title: 'Heddle',
      version,
      description:
        'Everything the editor does. Make a token with `heddle token create`, and send it as `Authorization: Bearer hdl_…`.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: publicUrl }],
    paths,
    components: {
      schemas: schemas.components,
      responses: {
        Error: {
          description: 'Why not, and what to do.',
          content: { 'application/json': { schema: error } },
        },
      },
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'An API token.' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'heddle_session',
          description: 'The cookie of a signed-in user; its name may carry the port.',
        },
      },
    },
  }
}

type Convert = (schema: z.ZodType, io: 'input' | 'output') => JsonObject

/** Moves the definitions that zod puts beside each schema to one place for all. */
function createSchemas(): { components: JsonObject; convert: Convert } {
  const components: JsonObject = {}
  const convert: Convert = (schema, io) => {
    const metadata = z.registry<{ id: string }>()
    for (const [id, named] of Object.entries(NAMED))
      metadata.add(named, { id: io === 'input' && id !== 'Json' ? `${id}Input` : id })
    const made = z.toJSONSchema(schema, { io, metadata, unrepresentable: 'any' })
    const { $schema: _dialect, $defs = {}, ...rest } = relink(made)
    Object.assign(components, $defs)
    // A schema with a name of its own is put there whole.
    const { id, ...body } = rest as { id?: string }
    if (id === undefined) return body
    components[id] = body
    return { $ref: `#/components/schemas/${id}` }
  }
  return { components, convert }
}

function relink(schema: object): JsonObject {
  const text = JSON.stringify(schema, (key, value: unknown) =>
    key === '$ref' && typeof value === 'string'
      ? value.replace('#/$defs/', '#/components/schemas/')
      : value,
  )
  return JSON.parse(text) as JsonObject
}

function operation(id: string, route: Route, convert: Convert): JsonObject {
  return {
    operationId: id,
    summary: route.summary,
    description: describeAccess(route.access),
    security: route.access === 'public' ? [] : [{ token: [] }, { session: [] }],
    parameters: [...pathParameters(route), ...queryParameters(route, convert)],
    ...(route.body || route.rawBody ? { requestBody: requestBody(route, convert) } : {}),
    responses: {
      200: { description: 'Done.', content: answerContent(route, convert) },
      default: { $ref: '#/components/responses/Error' },
    },
  }
}

const describeAccess = (access: Access): string =>
  access === 'public'
    ? 'For anybody.'
    : access === 'anyone'
      ? 'For every signed-in user.'
      : `For these roles: ${[...new Set(['owner', ...access])].join(', ')}.`

const pathParameters = (route: Route): JsonObject[] =>
  [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: name === 'version' ? { type: 'integer', minimum: 1 } : { type: 'string' },
  }))

function queryParameters(route: Route, convert: Convert): JsonObject[] {
  if (!route.query) return []
  const { properties = {} } = convert(route.query, 'output') as {
    properties?: Record<string, JsonObject>
  }
  const { required = [] } = convert(route.query, 'input') as { required?: string[] }
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }))
}

function requestBody(route: Route, convert: Convert): JsonObject {
  const content = route.body
    ? {
        [route.formBody ? 'application/x-www-form-urlencoded' : 'application/json']: {
          schema: convert(route.body, 'input'),
        },
      }
    : { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } }
  return { required: true, content }
}

function answerContent(route: Route, convert: Convert): JsonObject {
  if (route.answers === 'file')
    return { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } }
  if (route.answers === 'page') return { 'text/html': { schema: { type: 'string' } } }
  const schema = convert(route.answer, 'output')
  return { [route.answers === 'events' ? 'text/event-stream' : 'application/json']: { schema } }
}
