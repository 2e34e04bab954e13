/** The last line of a download script: the path on success, else the reason on one line. */
export async function printFetched(fetch: () => Promise<string>): Promise<void> {
  try {
    console.log(await fetch())
  } catch (error) {
    console.log(`\n${wholeMessage(error)}`)
    process.exitCode = 1
  }
}

function wholeMessage(error: unknown): string {
  const parts: string[] = []
  for (let at: unknown = error; at instanceof Error; at = at.cause) parts.push(at.message)
  const text = parts.length > 0 ? parts.join(': ') : String(error)
  return text.replace(/\s+/g, ' ').trim()
}
