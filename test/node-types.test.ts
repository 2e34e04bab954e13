/** The conformance suite on every built-in node type. */
import { describe } from 'vitest'
import { nodeTypes } from '../nodes/index.ts'
import { chineseWords, conformance } from './suites/conformance.ts'

conformance(nodeTypes)
describe('texts', () => chineseWords(nodeTypes))
