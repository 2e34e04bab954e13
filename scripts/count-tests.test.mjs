import { expect, it } from 'vitest'
import { countTests, sayCounts } from './count-tests.mjs'

const file = (status, ...tests) => ({
  status,
  assertionResults: tests.map((test) => ({ status: test })),
})

it.each([
  [
    'adds up what passed, failed and was skipped',
    { numPassedTests: 3, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1 },
    1,
    '3 passed, 1 failed, 3 skipped',
  ],
  ['leaves out the skipped when there are none', { numPassedTests: 3 }, 0, '3 passed, 0 failed'],
  [
    'counts a file that did not load as failed',
    { numPassedTests: 3, testResults: [file('failed'), file('passed', 'passed')] },
    1,
    '3 passed, 1 failed',
  ],
  [
    'does not count a failed test’s file twice',
    { numPassedTests: 0, numFailedTests: 1, testResults: [file('failed', 'failed')] },
    1,
    '0 passed, 1 failed',
  ],
  ['counts an error outside every test', { numPassedTests: 3 }, 1, '3 passed, 1 failed'],
  ['counts a run without a report as failed', undefined, 1, '0 passed, 1 failed'],
])('%s', (_what, report, exitCode, said) => {
  expect(sayCounts(countTests(report, exitCode))).toBe(said)
})
