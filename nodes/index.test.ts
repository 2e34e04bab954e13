import { describe } from 'vitest'
import { chineseWords, conformance } from '../test/suites/conformance.ts'
import { nodeTypes } from './index.ts'

conformance(nodeTypes)

describe('words', () => chineseWords(nodeTypes))
