/** Refuses a Node that is too old before any newer syntax is loaded; so this file keeps to old syntax. */
const needed = [20, 19]

export function isSupportedNode(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > needed[0] || (major === needed[0] && minor >= needed[1])
}

export function requireNode() {
  if (isSupportedNode(process.versions.node)) return
  console.error(
    `Heddle needs Node.js ${needed.join('.')} or newer; this is ${process.versions.node}. ` +
      'Install a current release from https://nodejs.org and run the command again.',
  )
  process.exit(1)
}
