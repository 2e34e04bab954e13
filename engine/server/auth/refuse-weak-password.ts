/** Refuses passwords that are guessed first. No rules of composition: length is what counts. */
import { RejectedError } from '../../contract/error.ts'

/** What the long ones among leaked passwords are built of. */
const COMMON_PARTS = [
  'password',
  'passw0rd',
  'p@ssw0rd',
  'p@ssword',
  'qwertyuiop',
  'qwerty',
  'asdfghjkl',
  'zxcvbnm',
  '1q2w3e4r5t',
  '1qaz2wsx3edc',
  'q1w2e3r4t5',
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890123456789',
  '09876543210987654321',
  'iloveyou',
  'letmein',
  'welcome',
  'administrator',
  'changeme',
  'sunshine',
  'princess',
  'football',
  'baseball',
  'superman',
  'dragon',
  'monkey',
  'heddle',
]
/** Characters that must be left when all that is easily guessed is taken away. */
const OWN_CHARACTERS = 6

export interface PasswordOwner {
  name: string
  email: string
}

/** Throws a RejectedError that says what is wrong with it. */
export function refuseWeakPassword(password: string, { name, email }: PasswordOwner): void {
  const plain = password.toLowerCase()
  const own = [email, email.split('@')[0] ?? '', name, ...name.split(/\s+/)]
    .map((part) => part.toLowerCase())
    .filter((part) => part.length >= 4)
  if (own.some((part) => plain.includes(part) && plain.length - part.length < OWN_CHARACTERS))
    throw weak('it is made of your name or email address')
  const rest = withoutRuns(COMMON_PARTS.reduce((left, part) => left.replaceAll(part, ''), plain))
  if (rest.length < OWN_CHARACTERS) throw weak('it is among those that are guessed first')
}

/** Drops what follows by counting on or by repeating: `aaaa`, `1234`, `dcba`. */
function withoutRuns(text: string): string {
  const steps = [...text].map((char, i) => char.charCodeAt(0) - text.charCodeAt(i - 1))
  return [...text]
    .filter((_char, i) => {
      const step = steps[i]
      return !(i > 0 && step !== undefined && Math.abs(step) <= 1)
    })
    .join('')
}

const weak = (reason: string) =>
  new RejectedError(
    'password_is_weak',
    `Choose another password: ${reason}. Four unrelated words make a good one.`,
  )
