/** The way in. */
import { a, button, div, form, h1, input, label, p, section, type VNode } from './element.ts'
import { openPage } from './layout.ts'
import { shown } from './shown-text.ts'

export type SignInAsked = {
  readonly to: string
  /** It is known where: there is one tenant, or this one was named. */
  readonly isChosen: boolean
  readonly tenant: string | null
  readonly isUnknown: boolean
  /** There is no provider: the link that was printed is the way in. */
  readonly isDevelopment: boolean
  readonly isSignedOut: boolean
}

export function signInPage(asked: SignInAsked): string {
  return openPage(
    { title: 'Sign in' },
    section(
      { class: 'card narrow' },
      h1({}, asked.isSignedOut ? 'You are signed out' : 'Sign in'),
      asked.isDevelopment ? developmentWay() : providerWay(asked),
    ),
  )
}

function developmentWay(): VNode {
  return div(
    {},
    p(
      {},
      'This service runs in development mode. It printed a link when it started: open that link.',
    ),
    p({ class: 'hint' }, 'The link works once. Start the service again for another.'),
  )
}

/** A link and no form: a form of this console leads nowhere else, not even by a redirect. */
function providerWay(asked: SignInAsked): VNode {
  const { to, tenant, isUnknown, isChosen } = asked
  return div(
    {},
    p(
      {},
      'Approvals are given by people. Show who you are at your own sign-in page; this console keeps no password.',
    ),
    isUnknown
      ? p(
          { class: 'note bad', role: 'alert' },
          'Nobody signs in under that name: ',
          shown(tenant ?? ''),
          '.',
        )
      : null,
    isChosen ? goLink(to, tenant) : whichForm(asked),
  )
}

function goLink(to: string, tenant: string | null): VNode {
  const query = new URLSearchParams({ go: '', to, ...(tenant === null ? {} : { tenant }) })
  return p(
    { class: 'actions' },
    a({ class: 'button primary', href: `/console/sign-in?${query.toString()}` }, 'Continue'),
  )
}

function whichForm({ to, tenant }: SignInAsked): VNode {
  return form(
    { action: '/console/sign-in', method: 'get' },
    input({ type: 'hidden', name: 'to', value: to }),
    label(
      { class: 'field' },
      'Organisation',
      input({ name: 'tenant', required: true, autocomplete: 'organization', value: tenant ?? '' }),
    ),
    div({ class: 'actions' }, button({ class: 'primary' }, 'Next')),
  )
}
