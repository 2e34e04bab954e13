/** Puts a child's name before each of its lines, so that several can share one terminal. */
export function prefixLines(name: string, write: (line: string) => void): (line: string) => void {
  const prefix = `[${name}] `
  return (line) => write(prefix + line)
}
