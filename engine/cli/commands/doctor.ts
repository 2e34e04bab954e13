/** `heddle doctor`: what was found where. */
import { formatDoctor, runDoctor } from '../../local/doctor.ts'
import { resolveHome } from '../../local/home.ts'

export async function doctor(options: { home?: string }): Promise<void> {
  const lines = await runDoctor({ home: resolveHome({ option: options.home }) })
  console.log(formatDoctor(lines))
  if (lines.some((line) => line.state === 'fail')) process.exitCode = 1
}
