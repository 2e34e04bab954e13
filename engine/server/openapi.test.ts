import { expect, test } from 'vitest'
import { routes } from '../contract/api.ts'
import { type Route } from '../contract/api/route.ts'
import { createOpenApi } from './openapi.ts'

const page = JSON.parse(
  JSON.stringify(createOpenApi({ version: '1.2.3', publicUrl: 'http://localhost:7300' })),
) as Record<string, unknown>

function* references(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) return
  for (const [key, child] of Object.entries(value))
    if (key === '$ref' && typeof child === 'string') yield child
    else yield* references(child)
}

const resolve = (reference: string): unknown =>
  reference
    .replace('#/', '')
    .split('/')
    .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], page)

test('has every route, with its roles and path parameters', () => {
  for (const [id, route] of Object.entries(routes) as Array<[string, Route]>) {
    const path = route.path.replace(/:(\w+)/g, '{$1}')
    const paths = page['paths'] as Record<string, Record<string, Record<string, unknown>>>
    const operation = paths[path]?.[route.method.toLowerCase()]
    expect(operation, id).toMatchObject({ operationId: id, summary: route.summary })
    const inPath = (operation?.['parameters'] as Array<{ in: string; name: string }>).filter(
      (parameter) => parameter.in === 'path',
    )
    expect(inPath.map(({ name }) => name)).toEqual(
      [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => name),
    )
    expect('requestBody' in (operation ?? {})).toBe(Boolean(route.body ?? route.rawBody))
    if (Array.isArray(route.access))
      for (const role of route.access) expect(operation?.['description']).toContain(role)
    expect(operation?.['security']).toHaveLength(route.access === 'public' ? 0 : 2)
  }
})

test('has no reference that leads nowhere', () => {
  const all = [...references(page)]
  expect(all.length).toBeGreaterThan(50)
  for (const reference of all) expect(resolve(reference), reference).toBeTypeOf('object')
})

test('names what callers meet often', () => {
  const schemas = Object.keys(resolve('#/components/schemas') as object)
  expect(schemas).toEqual(
    expect.arrayContaining(['ApiError', 'Flow', 'FlowGraphInput', 'Json', 'Profile', 'Run']),
  )
})

test('tells a query parameter’s type, and asks only for what is needed', () => {
  const parameters = resolve('#/paths') as Record<string, { get?: { parameters: unknown } }>
  expect(parameters['/api/flows']?.get?.parameters).toContainEqual(
    expect.objectContaining({
      name: 'limit',
      required: false,
      schema: expect.objectContaining({ type: 'integer', maximum: 200 }) as unknown,
    }),
  )
})
