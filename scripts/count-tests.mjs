/** Adds up a vitest JSON report, so that nothing which went wrong can look like a pass. */

export function countTests(report, exitCode) {
  const counts = {
    passed: report?.numPassedTests ?? 0,
    failed: (report?.numFailedTests ?? 0) + filesThatDidNotLoad(report),
    skipped: (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0),
  }
  // An error outside every test (a crash, an unhandled rejection) has no row of its own.
  if (exitCode !== 0 && counts.failed === 0) counts.failed = 1
  return counts
}

/** A file whose import or hooks failed is reported as failed without one failed test. */
function filesThatDidNotLoad(report) {
  const files = report?.testResults ?? []
  return files.filter(
    (file) =>
      file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length
}

export function sayCounts({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}
