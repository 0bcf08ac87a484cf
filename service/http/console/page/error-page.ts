/** An error as a page: what happened, and what to do; the cause stays inside. */
import { problemOf } from '../../problem.ts'
import { html, type Answer } from '../answer.ts'
import type { Visit } from '../visit.ts'
import { a, h1, p, section, span } from './element.ts'
import { openPage, signedInPage } from './layout.ts'
import { shown } from './shown-text.ts'

export function errorPage(error: unknown, visit: Visit | null): Answer {
  const { status, title, detail, code } = problemOf(error)
  const [heading, says] = wordsFor(code, title, detail)
  const content = section(
    { class: 'empty' },
    span({ class: 'figure', 'aria-hidden': 'true' }, status),
    h1({}, heading),
    p({}, shown(says)),
    p(
      {},
      visit === null
        ? a({ class: 'button', href: '/console/sign-in' }, 'Sign in')
        : a({ class: 'button', href: '/console' }, 'Back to approvals'),
    ),
  )
  const page = { title: heading }
  return html(visit === null ? openPage(page, content) : signedInPage(visit, page, content), status)
}

function wordsFor(
  code: string,
  title: string,
  detail: string | undefined,
): readonly [string, string] {
  if (code === 'not_found')
    return ['Nothing here', 'There is no such page, or it is not for you to see.']
  if (code === 'unauthenticated')
    return ['You are not signed in', detail ?? 'Sign in, and try again.']
  return [
    title,
    detail ?? 'Nothing was changed. Try again; if it stays so, tell whoever runs this service.',
  ]
}
