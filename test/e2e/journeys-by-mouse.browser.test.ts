/** The first days of a marketer, by mouse. */
import { describe } from 'vitest'
import { mouse } from './support/hands.ts'
import { hasBrowser } from './support/visit.ts'
import { travel } from './support/travel.ts'

describe.skipIf(!hasBrowser)('a marketer, by mouse', () => travel(mouse, 1))
