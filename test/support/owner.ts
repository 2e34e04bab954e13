/** The owner of the product under test: signs in by the one-time link, as the welcome page does. */

export interface BrowserCookie {
  name: string
  value: string
  url: string
}

export const OWNER = {
  name: 'Olivia Owner',
  email: 'olivia@shop.example',
  password: 'a long enough password',
}

/** Uses the one-time link as the welcome page does. */
export async function claim(url: string, link: string): Promise<BrowserCookie[]> {
  const token = new URL(link).hash.slice(1)
  const answer = await fetch(`${url}/api/session/claim`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ token, ...OWNER }),
  })
  if (!answer.ok) throw new Error(`The owner could not sign in: ${await answer.text()}`)
  return answer.headers.getSetCookie().map((line) => {
    const [name = '', ...value] = (line.split(';')[0] ?? '').split('=')
    return { name, value: value.join('='), url }
  })
}
