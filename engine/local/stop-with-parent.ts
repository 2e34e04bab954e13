/** Lets a process started by bin/heddle.mjs notice that its parent was killed and can pass no signal. */
export function stopWithParent(stop: () => void): void {
  if (!process.channel) return
  process.once('disconnect', stop)
  // Listening keeps the channel, and with it this process, alive; a finished command must be able to end.
  process.channel.unref()
}
