/** The usual schedules as choices, to and from cron; anything else stays as written. Pure. */

export type CronPlan =
  | { every: 'hour'; minute: number }
  | { every: 'day'; hour: number; minute: number }
  | { every: 'week'; weekday: number; hour: number; minute: number }
  | { every: 'month'; day: number; hour: number; minute: number }
  | { every: 'custom'; cron: string }

export function readCron(cron: string): CronPlan {
  const fields = cron.trim().split(/\s+/)
  const [minute, hour, day, month, weekday] = fields.map((f) => (/^\d+$/.test(f) ? Number(f) : f))
  const custom: CronPlan = { every: 'custom', cron }
  if (fields.length !== 5 || typeof minute !== 'number' || month !== '*') return custom
  if (hour === '*' && day === '*' && weekday === '*') return { every: 'hour', minute }
  if (typeof hour !== 'number') return custom
  if (day === '*' && weekday === '*') return { every: 'day', hour, minute }
  if (day === '*' && typeof weekday === 'number')
    return { every: 'week', weekday: weekday % 7, hour, minute }
  if (typeof day === 'number' && weekday === '*') return { every: 'month', day, hour, minute }
  return custom
}

export function writeCron(plan: CronPlan): string {
  switch (plan.every) {
    case 'hour':
      return `${plan.minute} * * * *`
    case 'day':
      return `${plan.minute} ${plan.hour} * * *`
    case 'week':
      return `${plan.minute} ${plan.hour} * * ${plan.weekday}`
    case 'month':
      return `${plan.minute} ${plan.hour} ${plan.day} * *`
    case 'custom':
      return plan.cron
  }
}

/** The same time of day at another rhythm. */
export function changeRhythm(plan: CronPlan, every: CronPlan['every']): CronPlan {
  const minute = 'minute' in plan ? plan.minute : 0
  const hour = 'hour' in plan ? plan.hour : 6
  switch (every) {
    case 'hour':
      return { every, minute }
    case 'day':
      return { every, hour, minute }
    case 'week':
      return { every, weekday: 1, hour, minute }
    case 'month':
      return { every, day: 1, hour, minute }
    case 'custom':
      return { every, cron: writeCron(plan) }
  }
}
