/** The way in: signing in, and the first use of a one-time link. */
import { useEffect, useState, type FormEvent, type ReactNode } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { fieldMessage } from '../api/api-failure.ts'
import { useSend } from '../api/use-api.ts'
import { navigate, useSearch } from '../router.tsx'
import { Button } from '../ui/button.tsx'
import { Logo } from '../ui/icons.tsx'
import { Failure, Field } from '../ui/parts.tsx'
import { ViewChoices } from '../ui/view-choices.tsx'

function Gate({ title, text, children }: { title: string; text: string; children: ReactNode }) {
  return (
    <main className="gate">
      <div className="gate-card">
        <Logo size={40} />
        <h1>{title}</h1>
        <p>{text}</p>
        {children}
      </div>
      <ViewChoices />
    </main>
  )
}

export function SignIn() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const open = useSend('sessionOpen')
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    open.mutate({ body: { email, password } }, { onSuccess: () => void client.resetQueries() })
  }
  return (
    <Gate title={t('signIn.title')} text={t('signIn.text')}>
      <form onSubmit={submit}>
        <Field label={t('signIn.email')}>
          {(control) => (
            <input
              {...control}
              type="email"
              required
              autoFocus
              autoComplete="username"
              value={email}
              onChange={(event) => setEmail(event.target.value)}
            />
          )}
        </Field>
        <Field label={t('signIn.password')}>
          {(control) => (
            <input
              {...control}
              type="password"
              required
              autoComplete="current-password"
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          )}
        </Field>
        {open.error && <Failure error={open.error} />}
        <Button kind="primary" type="submit" busy={open.isPending} className="wide">
          {t('signIn.submit')}
        </Button>
      </form>
    </Gate>
  )
}

/** Of the link; kept while the address is cleaned, so that it stays out of the history. */
function useOneTimeToken(): string {
  const asked = useSearch().get('token') ?? location.hash.slice(1)
  const [token] = useState(asked)
  useEffect(() => {
    if (token !== '') navigate('/welcome', { replace: true })
  }, [token])
  return token
}

export function Welcome() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const token = useOneTimeToken()
  const claim = useSend('sessionClaim')
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    claim.mutate(
      { body: { token, name, email, password } },
      {
        onSuccess: () => {
          navigate('/', { replace: true })
          void client.resetQueries()
        },
      },
    )
  }
  if (token === '')
    return (
      <Gate title={t('welcome.title')} text={t('welcome.noToken')}>
        <Button onClick={() => navigate('/')}>{t('signIn.submit')}</Button>
      </Gate>
    )
  return (
    <Gate title={t('welcome.title')} text={t('welcome.text')}>
      <form onSubmit={submit}>
        <Field label={t('welcome.name')} error={fieldMessage(claim.error, 'name')}>
          {(control) => (
            <input
              {...control}
              required
              autoFocus
              maxLength={120}
              autoComplete="name"
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <Field label={t('signIn.email')} error={fieldMessage(claim.error, 'email')}>
          {(control) => (
            <input
              {...control}
              type="email"
              required
              autoComplete="username"
              value={email}
              onChange={(event) => setEmail(event.target.value)}
            />
          )}
        </Field>
        <Field
          label={t('signIn.password')}
          help={t('welcome.passwordHelp')}
          error={fieldMessage(claim.error, 'password')}
        >
          {(control) => (
            <input
              {...control}
              type="password"
              required
              minLength={10}
              maxLength={200}
              autoComplete="new-password"
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          )}
        </Field>
        {claim.error && <Failure error={claim.error} />}
        <Button kind="primary" type="submit" busy={claim.isPending} className="wide">
          {t('welcome.submit')}
        </Button>
      </form>
    </Gate>
  )
}
