/** A thread that sends asks the main thread how consent stands: questions and answers over a port. */
import { once } from 'node:events'
import type { MessagePort } from 'node:worker_threads'
import type { ConsentFacts } from '../run/send-gate.ts'

type Question = {
  [Name in keyof ConsentFacts]: { ask: Name; about: Parameters<ConsentFacts[Name]> }
}[keyof ConsentFacts]

type Answer = { value: unknown } | { failed: string }

/** The main thread's side, until the port is closed. */
export function answerConsent(port: MessagePort, facts: ConsentFacts): void {
  const find = ({ ask, about }: Question): Promise<unknown> =>
    ask === 'standing' ? facts.standing(...about) : facts[ask]()
  port.on('message', (question: Question) => {
    find(question).then(
      (value) => port.postMessage({ value } satisfies Answer),
      (error: unknown) => port.postMessage({ failed: String(error) } satisfies Answer),
    )
  })
}

/** The thread's side. An answer that fails ends the page: nothing is sent on a guess. */
export function askConsent(port: MessagePort): ConsentFacts {
  let last: Promise<unknown> = Promise.resolve()
  // One after the other, so that each answer is that of the question before it.
  const ask = (question: Question): Promise<unknown> => {
    const mine = last.then(async () => {
      const answered = once(port, 'message')
      port.postMessage(question)
      const [answer] = (await answered) as [Answer]
      if ('failed' in answer) throw new Error(`Consent cannot be looked up: ${answer.failed}`)
      return answer.value
    })
    last = mine.catch(() => undefined)
    return mine
  }
  return {
    standing: (ids) =>
      ask({ ask: 'standing', about: [ids] }) as ReturnType<ConsentFacts['standing']>,
    readEpoch: () => ask({ ask: 'readEpoch', about: [] }) as ReturnType<ConsentFacts['readEpoch']>,
    readPolicy: () =>
      ask({ ask: 'readPolicy', about: [] }) as ReturnType<ConsentFacts['readPolicy']>,
  }
}
