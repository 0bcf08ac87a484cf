/** Two cookies: the session, and a sign-in under way. Both are for this host alone, and no script reads them. */
import type { IncomingMessage } from 'node:http'

const names = { session: '__Host-countersign', begun: '__Host-countersign-sign-in' } as const
type Cookie = keyof typeof names

/** Its value; null without it, and where it stands twice: nobody says then which is ours. */
export function cookieOf(request: IncomingMessage, cookie: Cookie): string | null {
  const found = (request.headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${names[cookie]}=`))
    .map((pair) => pair.slice(names[cookie].length + 1))
  return found.length === 1 ? (found[0] ?? null) : null
}

/** Lax: an approver follows links to a page from a mail or a chat; what changes anything is posted, and checked. */
const attributes = 'Path=/; Secure; HttpOnly; SameSite=Lax'

export function setCookie(cookie: Cookie, value: string): string {
  return `${names[cookie]}=${value}; ${attributes}`
}

export function dropCookie(cookie: Cookie): string {
  return `${names[cookie]}=; Max-Age=0; ${attributes}`
}
