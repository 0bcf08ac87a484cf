/** What every page has round it: the head, the way through the console, who is signed in. */
import type { Visit } from '../visit.ts'
import {
  a,
  body,
  button,
  div,
  footer,
  form,
  head,
  header,
  htmlElement,
  img,
  input,
  link,
  main,
  meta,
  nav,
  script,
  span,
  title,
  type Attributes,
  type Child,
  type VNode,
} from './element.ts'
import { placesOf } from './places.ts'
import { shown } from './shown-text.ts'

export type Page = {
  readonly title: string
  /** The place in the navigation that it belongs to. */
  readonly at?: string
  /** Asked again and again: when what it answers differs from `version`, the page is loaded anew. */
  readonly live?: { readonly path: string; readonly version: string }
}

/** A page for somebody who is signed in. */
export function signedInPage(visit: Visit, page: Page, ...content: readonly Child[]): string {
  const { name, sub } = visit.session.person
  return documentOf(
    page,
    header(
      { class: 'bar' },
      brand('/console'),
      nav(
        { class: 'places', 'aria-label': 'Console' },
        placesOf(visit).map(([path, label, count]) =>
          a(
            { href: path, 'aria-current': path === page.at ? 'page' : undefined },
            label,
            count === null || count === 0
              ? null
              : span({ class: 'count', 'aria-label': `${String(count)} waiting` }, count),
          ),
        ),
      ),
      div(
        { class: 'person' },
        a({ href: '/console/passkeys', class: 'name' }, shown(name ?? sub)),
        form(
          { method: 'post', action: '/console/sign-out' },
          csrfField(visit),
          button({ class: 'quiet' }, 'Sign out'),
        ),
      ),
    ),
    main({ id: 'content', tabindex: '-1' }, content),
    footer(
      { class: 'foot' },
      span({}, `Tenant ${visit.tenant.tenant.id}`),
      span({}, 'Every answer given here is signed and logged.'),
    ),
  )
}

/** A page for anybody. */
export function openPage(page: Page, ...content: readonly Child[]): string {
  return documentOf(
    page,
    header({ class: 'bar' }, brand('/console')),
    main({ id: 'content', tabindex: '-1', class: 'alone' }, content),
  )
}

/** What only a page of ours knows, in every form. */
export function csrfField({ session }: Visit): VNode {
  return input({ type: 'hidden', name: 'csrf', value: session.csrf })
}

function brand(href: string): VNode {
  return a(
    { class: 'brand', href },
    img({ src: '/console/asset/mark.svg', alt: '', width: 26, height: 26 }),
    span({}, 'Countersign'),
  )
}

function documentOf({ title: name, live }: Page, ...content: readonly Child[]): string {
  const watched: Attributes =
    live === undefined ? {} : { 'data-live': live.path, 'data-version': live.version }
  const whole = htmlElement(
    { lang: 'en' },
    head(
      {},
      meta({ charset: 'utf-8' }),
      meta({ name: 'viewport', content: 'width=device-width, initial-scale=1' }),
      meta({ name: 'color-scheme', content: 'light dark' }),
      title({}, `${name} · Countersign`),
      link({ rel: 'stylesheet', href: '/console/asset/console.css' }),
      link({ rel: 'icon', href: '/console/asset/mark.svg', type: 'image/svg+xml' }),
      script({ src: '/console/asset/console.js', defer: true }),
    ),
    body(watched, a({ class: 'skip', href: '#content' }, 'Skip to content'), content),
  )
  return `<!doctype html>\n${String(whole)}`
}
