/** Signing out: here, and by the word of the provider. */
import { PdpError } from '../../../contract/error-code.ts'
import { redirect, type Answer } from '../answer.ts'
import { cookieOf, dropCookie } from '../cookies.ts'
import { readForm, type ConsoleRoute, type Guest, type Visit } from '../visit.ts'

function signOut({ request, service }: Visit): Promise<Answer> {
  const name = cookieOf(request, 'session')
  if (name !== null) service.console.sessions.end(name)
  return Promise.resolve(redirect('/console/sign-in?out', [dropCookie('session')]))
}

/** OpenID Connect Back-Channel Logout 1.0, section 2.5: from the provider itself, which no cookie comes from. */
async function signOutAll({ request, service, parameters }: Guest): Promise<Answer> {
  const form = await readForm(request)
  const tenant = [...service.tenants.values()].find((one) => one.tenant.id === parameters['tenant'])
  const signIn = tenant?.console?.signIn ?? null
  if (tenant === undefined || signIn === null)
    throw new PdpError('unauthenticated', 'The logout token does not hold.')
  const over = await signIn.signedOut(form.get('logout_token') ?? '')
  service.console.sessions.endAll(tenant.tenant.audience, over)
  return { status: 200, type: 'text/plain', content: '' }
}

export const signOutRoutes: readonly ConsoleRoute[] = [
  { method: 'post', path: '/console/sign-out', posted: signOut },
  { method: 'post', path: '/console/back-channel-logout/:tenant', open: signOutAll },
]
