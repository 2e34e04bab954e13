/** The first days of a marketer, by keyboard alone. */
import { describe } from 'vitest'
import { keyboard } from './support/hands.ts'
import { hasBrowser } from './support/visit.ts'
import { travel } from './support/travel.ts'

describe.skipIf(!hasBrowser)('a marketer, by keyboard alone', () => travel(keyboard, 2))
