/** A person's own passkeys. */
import type { Passkey } from '../../../approval/passkeys.ts'
import type { Visit } from '../visit.ts'
import {
  a,
  button,
  code,
  div,
  form,
  h1,
  h2,
  input,
  li,
  p,
  section,
  span,
  strong,
  ul,
  type VNode,
} from './element.ts'
import { csrfField, signedInPage } from './layout.ts'
import { shown } from './shown-text.ts'
import { instant } from './words.ts'

export type ShownPasskeys = {
  readonly passkeys: readonly Passkey[]
  /** She has just signed in, and so may change them. */
  readonly isFresh: boolean
}

export function passkeysPage(visit: Visit, { passkeys, isFresh }: ShownPasskeys): string {
  const { name, sub, iss } = visit.session.person
  return signedInPage(
    visit,
    { title: 'You and your passkeys' },
    h1({}, 'You and your passkeys'),
    section(
      { class: 'card' },
      h2({}, 'Who you are here'),
      p(
        {},
        strong({}, shown(name ?? sub)),
        ' ',
        code({}, shown(sub)),
        ' at ',
        code({}, shown(iss)),
      ),
      p(
        { class: 'hint' },
        'In the log you are ',
        code({}, visit.account.slice(5, 13)),
        ', until your name is asked for and may be told.',
      ),
    ),
    section(
      { class: 'card' },
      h2({}, 'Passkeys'),
      passkeys.length === 0
        ? p(
            {},
            'You have none yet. With one, what you approve is signed by your own device, and whoever audits the log can check that signature without this service.',
          )
        : ul(
            { class: 'votes' },
            passkeys.map((passkey) => item(visit, passkey, isFresh)),
          ),
      isFresh ? enrolForm(visit) : signInAgain(visit),
    ),
  )
}

function item(
  visit: Visit,
  { credential_id: id, enrolledAt, lastUsedAt, device }: Passkey,
  isFresh: boolean,
): VNode {
  const now = visit.service.console.now()
  return li(
    {},
    div(
      {},
      strong({}, device === 'multiDevice' ? 'Synchronised passkey' : 'Passkey of one device'),
      ' ',
      code({}, id.slice(0, 10)),
      p(
        { class: 'meta' },
        span({}, 'enrolled ', instant(enrolledAt, now)),
        span({}, lastUsedAt === null ? 'never used' : ['used ', instant(lastUsedAt, now)]),
      ),
    ),
    isFresh
      ? form(
          { method: 'post', action: '/console/passkeys/remove' },
          csrfField(visit),
          input({ type: 'hidden', name: 'credential_id', value: id }),
          button({ class: 'quiet' }, 'Remove'),
        )
      : null,
  )
}

function enrolForm(visit: Visit): VNode {
  return form(
    { method: 'post', action: '/console/passkeys', 'data-enrol': '/console/passkeys/options' },
    csrfField(visit),
    input({ type: 'hidden', name: 'credential', value: '' }),
    p({ class: 'note bad', role: 'alert', hidden: true, 'data-said': true }),
    div({ class: 'actions' }, button({ class: 'primary' }, 'Enrol a passkey')),
  )
}

function signInAgain(visit: Visit): VNode {
  const again = new URLSearchParams({
    ...{ go: '', fresh: '', to: '/console/passkeys', tenant: visit.tenant.tenant.id },
  })
  return p(
    {},
    'Passkeys change only just after a sign-in. ',
    a({ class: 'button', href: `/console/sign-in?${again.toString()}` }, 'Sign in again'),
  )
}
