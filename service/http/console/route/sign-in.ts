/** Signing in: at the tenant's provider, or in development by the link that was printed. */
import { PdpError } from '../../../contract/error-code.ts'
import type { Tenant } from '../../../flow/tenant.ts'
import type { SignIn } from '../../../port/sign-in.ts'
import { html, redirect, type Answer } from '../answer.ts'
import { cookieOf, dropCookie, setCookie } from '../cookies.ts'
import { signInPage } from '../page/sign-in-page.ts'
import type { ConsoleRoute, Guest } from '../visit.ts'

/** Without a name: the only tenant that has a console, or the question which. */
async function ask(guest: Guest): Promise<Answer> {
  const { searchParams: asked } = guest.url
  const to = placeOf(asked.get('to'))
  const { tenant, name, hasProvider } = chosenBy(guest)
  const signIn = tenant?.console?.signIn ?? null
  if (tenant !== null && signIn !== null && asked.has('go'))
    return await begin(guest, { tenant, signIn, to, isFresh: asked.has('fresh') })
  const isDevelopment = !hasProvider
  // A tenant that there is not is told like one without a provider: nobody learns here which there are.
  const isUnknown = name !== null && signIn === null && !isDevelopment
  const page = { to, tenant: name, isUnknown, isDevelopment, isChosen: signIn !== null }

  return html(signInPage({ ...page, isSignedOut: asked.has('out') }), isUnknown ? 404 : 200)
}

function chosenBy({ service, url }: Guest): {
  readonly tenant: Tenant | null
  readonly name: string | null
  /** Of any tenant; there is always one in production. */
  readonly hasProvider: boolean
} {
  const name = url.searchParams.get('tenant')
  const tenants = [...service.tenants.values()].filter(({ console }) => console !== null)
  const tenant =
    name === null && tenants.length === 1
      ? tenants[0]
      : tenants.find((one) => one.tenant.id === name)
  const hasProvider = tenants.some(({ console }) => console !== null && console.signIn !== null)
  return { tenant: tenant ?? null, name, hasProvider }
}

async function begin(
  { service }: Guest,
  {
    tenant,
    signIn,
    to,
    isFresh,
  }: {
    readonly tenant: Tenant
    readonly signIn: SignIn
    readonly to: string
    readonly isFresh: boolean
  },
): Promise<Answer> {
  const { console } = service
  const begun = await signIn.begin(`${console.origin()}/console/callback`, isFresh)
  const name = console.begun.begin({ ...begun, tenant: tenant.tenant.audience, to })
  return redirect(begun.url, [setCookie('begun', name)])
}

/** The browser that began it, with what its provider answered; the session it gets is a new one. */
async function finish({ request, service, url }: Guest): Promise<Answer> {
  const name = cookieOf(request, 'begun')
  const begun = name === null ? null : service.console.begun.take(name)
  const tenant = begun === null ? undefined : service.tenants.get(begun.tenant)
  const signIn = tenant?.console?.signIn ?? null
  if (begun === null || tenant === undefined || signIn === null)
    throw new PdpError('unauthenticated', 'No sign-in is under way in this browser: begin again.')
  const person = await signIn.finish(url, begun)
  const before = cookieOf(request, 'session')
  if (before !== null) service.console.sessions.end(before)
  const session = service.console.sessions.start(tenant.tenant.audience, person)
  return redirect(begun.to, [setCookie('session', session), dropCookie('begun')])
}

function follow({ service, parameters }: Guest): Promise<Answer> {
  const session = service.console.followLink(parameters['link'] ?? '')
  if (session === null)
    throw new PdpError(
      'unauthenticated',
      'This link was used, or is of an earlier start: start the service again for another.',
    )
  return Promise.resolve(redirect('/console', [setCookie('session', session)]))
}

/** A path of the console and nothing else, wherever a link says that it goes on. */
function placeOf(to: string | null): string {
  return to !== null && /^\/console(?:\/[A-Za-z0-9_.~-]+)*$/u.test(to) ? to : '/console'
}

export const signInRoutes: readonly ConsoleRoute[] = [
  { method: 'get', path: '/console/sign-in', open: ask },
  { method: 'get', path: '/console/callback', open: finish },
  {
    method: 'get',
    path: '/console/link/:link',
    open: async (guest) => await follow(guest),
  },
]
