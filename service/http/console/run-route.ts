/** One request of the console, from the socket to the answer: signed in or not, ours or not, and an error is a page. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { report } from '../report.ts'
import type { Service } from '../service.ts'
import { redirect, sendAnswer, type Answer } from './answer.ts'
import { errorPage } from './page/error-page.ts'
import { postedForm, visitOf, type ConsoleRoute, type Guest, type Visit } from './visit.ts'

export async function runConsoleRoute(
  route: ConsoleRoute,
  request: IncomingMessage,
  response: ServerResponse,
  service: Service,
  parameters: Readonly<Record<string, string>>,
): Promise<void> {
  const origin = service.console.origin()
  const url = URL.parse(request.url ?? '/', origin) ?? new URL(origin)
  const guest: Guest = { request, service, parameters, url }
  let visit: Visit | null = null
  try {
    const strayed = strayedTo(guest)
    if (strayed !== null) {
      sendAnswer(request, response, redirect(strayed))
      return
    }
    visit = visitOf(guest)
    sendAnswer(request, response, await answered(route, guest, visit))
  } catch (error) {
    report(error, service)
    sendAnswer(request, response, errorPage(error, visit))
  }
}

function answered(route: ConsoleRoute, guest: Guest, visit: Visit | null): Promise<Answer> {
  if ('open' in route) return route.open(guest)
  if (visit === null) return Promise.resolve(redirect(signInPath(guest, route.method)))
  return 'signedIn' in route
    ? route.signedIn(visit)
    : postedForm(guest, visit.session).then((form) => route.posted(visit, form))
}

/** What was posted is lost with the session; nobody is led back to where a form went. */
function signInPath({ url }: Guest, method: ConsoleRoute['method']): string {
  return method === 'post'
    ? '/console/sign-in'
    : `/console/sign-in?${new URLSearchParams({ to: url.pathname }).toString()}`
}

/**
 * In development the same service answers at an address too, for which browsers make no passkeys; and a page of ours under
 * another's name is not ours.
 */
function strayedTo({ request, service, url }: Guest): string | null {
  const { console } = service
  const isHome = request.headers.host === new URL(console.origin()).host
  return console.isDevelopment && request.method === 'GET' && !isHome ? url.href : null
}
