/**
 * Formulas in CEL (Common Expression Language) over the fields of a record. Patterns run on RE2, so
 * none can be slow; a formula that takes too long all the same is ended for that record.
 */
import { Environment, type ASTNode, type ParseResult } from '@marcbachmann/cel-js'
import type { Fields, Json } from '../../engine/contract/json.ts'
import { castNumber } from './cast-value.ts'
import { ExpressionError } from './expression-error.ts'
import { watchTime, withinTime } from './expression-clock.ts'
import { registerFunctions } from './expression-functions.ts'
import { toJson } from './expression-value.ts'
import { isSet, toText } from './field-path.ts'
import { compilePattern } from './pattern.ts'

export { ExpressionError } from './expression-error.ts'

const MAX_SOURCE = 4_096
const LIMITS = { maxAstNodes: 2_000, maxDepth: 60, maxListElements: 500, maxMapEntries: 500 }

/** Names a formula can use besides fields: `fields["first name"]` and `now`, the run's start. */
const FIELDS = 'fields'
const NOW = 'now'
const COMPREHENSIONS: ReadonlySet<unknown> = new Set([
  'all',
  'exists',
  'exists_one',
  'map',
  'filter',
  'bind',
])
/** CEL's names of types, which as fields (`type == "purchase"`) mean the field. */
const TYPES: ReadonlySet<string> = new Set(
  'type list map string int uint double bool bytes null_type google optional'.split(' '),
)
/** No field's name can begin so within a formula. */
const OWN = '.'

export interface Expression {
  /** Fields the formula names. */
  fields: readonly string[]
  /** Throws when the values do not suit the formula. A field the record lacks is null. */
  evaluate(fields: Fields, now: string): Json | undefined
}

/** Throws an ExpressionError with the reason when the formula cannot be read. */
export function compileExpression(source: string): Expression {
  if (source.length > MAX_SOURCE)
    throw new ExpressionError(`A formula may be ${MAX_SOURCE} characters long.`)
  const draft = parse(source)
  const parsed = parse(withDecimals(source, draft.ast))
  const names = namesIn(draft.ast)
  renameMatches(parsed.ast)
  freeTypeNames(parsed.ast, names)
  const { error } = parsed.check()
  if (error) throw unreadable(error)
  watchTime(nodesIn(parsed.ast))
  return {
    fields: [...names.fields],
    evaluate: (fields, now) => {
      const context: Record<string, unknown> = { [FIELDS]: fields, [NOW]: new Date(now) }
      for (const name of names.variables)
        if (name !== FIELDS && name !== NOW)
          context[TYPES.has(name) ? OWN + name : name] = Object.hasOwn(fields, name)
            ? fields[name]
            : null
      return withinTime(() => toJson(parsed(context)))
    },
  }
}

const environment = createEnvironment()

function parse(source: string): ParseResult {
  try {
    return environment.parse(source)
  } catch (error) {
    throw unreadable(error)
  }
}

function unreadable(error: unknown): ExpressionError {
  const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
  return new ExpressionError(reason, { cause: error })
}

function createEnvironment(): Environment {
  const created = new Environment({
    unlistedVariablesAreDyn: true,
    homogeneousAggregateLiterals: false,
    limits: LIMITS,
  })
  created.registerFunction('string.matchesSafely(string): bool', matches)
  created.registerFunction('number(dyn): double', (value: unknown) => toNumber(value))
  created.registerFunction('text(dyn): string', (value: unknown) => toText(toJson(value)))
  created.registerFunction('round(dyn): double', (value: unknown) => Math.round(toNumber(value)))
  created.registerFunction('round(dyn, int): double', (value: unknown, digits: bigint) => {
    const scale = 10 ** Math.min(12, Math.max(0, Number(digits)))
    return Math.round(toNumber(value) * scale) / scale
  })
  created.registerFunction('isSet(dyn): bool', (value: unknown) => isSet(toJson(value)))
  registerFunctions(created)
  registerMixedNumbers(created)
  return created
}

/** Fields hold doubles and literals such as 2 are integers: people expect `total * 2` to work. */
function registerMixedNumbers(created: Environment): void {
  const operators: Record<string, (a: number, b: number) => number> = {
    '+': (a, b) => a + b,
    '-': (a, b) => a - b,
    '*': (a, b) => a * b,
    '/': (a, b) => a / b,
  }
  for (const [sign, compute] of Object.entries(operators)) {
    const handler = (a: number | bigint, b: number | bigint) => compute(Number(a), Number(b))
    created.registerOperator(`double ${sign} int`, handler)
    created.registerOperator(`int ${sign} double`, handler)
  }
}

function toNumber(value: unknown): number {
  if (typeof value === 'bigint') return Number(value)
  const number = castNumber(toJson(value) ?? null, 'auto')
  if (number === undefined) throw new ExpressionError('A value is not a number.')
  return number
}

function matches(text: string, source: string): boolean {
  const found = compilePattern(source).test(text)
  if (found === undefined) throw new ExpressionError('The pattern is too long for so long a text.')
  return found
}

/** A node of the tree, a list of parts, or a plain value. */
type Part = unknown

const isNode = (part: Part): part is { op: string; args: Part; start: number; end: number } =>
  typeof part === 'object' && part !== null && 'op' in part && 'args' in part

function* nodesIn(part: Part): Iterable<{ op: string; args: Part; start: number; end: number }> {
  if (Array.isArray(part)) for (const inner of part as Part[]) yield* nodesIn(inner)
  else if (isNode(part)) {
    yield part
    yield* nodesIn(part.args)
  }
}

interface Edit {
  start: number
  end: number
  text: string
}

const ARITHMETIC: ReadonlySet<string> = new Set(['+', '-', '*', '/'])

/**
 * The built-in `matches` runs on a backtracking engine, so each call of it is renamed to ours: in the
 * tree, as in the text a comment could stand in the way.
 */
function renameMatches(ast: ASTNode): void {
  for (const { op, args } of nodesIn(ast))
    if (op === 'rcall' && Array.isArray(args) && args[0] === 'matches') args[0] = 'matchesSafely'
}

/** Unless the formula asks for types: `type(x) == string`. */
function freeTypeNames(ast: ASTNode, { bound }: Names): void {
  const nodes = [...nodesIn(ast)]
  if (nodes.some(({ op, args }) => op === 'call' && Array.isArray(args) && args[0] === 'type'))
    return
  for (const node of nodes)
    if (node.op === 'id' && typeof node.args === 'string')
      if (TYPES.has(node.args) && !bound.has(node.args)) node.args = OWN + node.args
}

/** Whole numbers in sums become decimal ones, as the values of fields are: `5 / 2` is 2.5 to people. */
function withDecimals(source: string, ast: ASTNode): string {
  const edits: Edit[] = []
  for (const { op, args } of nodesIn(ast))
    if (Array.isArray(args) && ARITHMETIC.has(op))
      edits.push(...(args as Part[]).flatMap((part) => asDecimal(part, source)))
  return edits
    .sort((a, b) => b.start - a.start)
    .reduce((text, { start, end, text: by }) => text.slice(0, start) + by + text.slice(end), source)
}

function asDecimal(part: Part, source: string): Edit[] {
  if (!isNode(part)) return []
  if (part.op === '-_') return asDecimal(part.args, source)
  const { start, end } = part
  const text = source.slice(start, end)
  return part.op === 'value' && /^-?\d+$/.test(text) ? [{ start, end, text: `${text}.0` }] : []
}

interface Names {
  variables: Set<string>
  fields: Set<string>
  /** Made by the formula itself, as `t` in `tags.exists(t, …)`. */
  bound: Set<string>
}

function namesIn(ast: ASTNode): Names {
  const names: Names = { variables: new Set(), fields: new Set(), bound: new Set() }
  for (const { op, args } of nodesIn(ast)) {
    const list = Array.isArray(args) ? (args as Part[]) : []
    if (op === 'id' && typeof args === 'string') names.variables.add(args)
    if (op === '[]' && isName(list[0], FIELDS) && isNode(list[1])) addText(names, list[1].args)
    if (op === '.' && isName(list[0], FIELDS)) addText(names, list[1])
    if (op === 'rcall' && COMPREHENSIONS.has(list[0]) && Array.isArray(list[2])) {
      const variable: unknown = list[2][0]
      if (isNode(variable) && typeof variable.args === 'string') names.bound.add(variable.args)
    }
  }
  for (const name of names.variables)
    if (name !== FIELDS && name !== NOW && !names.bound.has(name)) names.fields.add(name)
  return names
}

const isName = (part: Part, name: string): boolean =>
  isNode(part) && part.op === 'id' && part.args === name

function addText({ fields }: Names, text: Part): void {
  if (typeof text === 'string') fields.add(text)
}
