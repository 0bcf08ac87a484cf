/** URLs as Go's net/url takes them apart and writes them: RFC 3986, and what Go lets pass. */
import { isIPv6 } from 'node:net'
import { BuiltinError } from '../rego-value.ts'
import { escapeBytes, isEscaped, unescapeBytes } from './go-url-escape.ts'

export type GoUrl = {
  readonly scheme: string
  /** What follows the scheme when it is no path: `a@b` of `mailto:a@b`. */
  readonly opaque: string
  /** As Go writes it; null if there is none. */
  readonly user: string | null
  readonly host: string
  readonly path: Escaped
  readonly fragment: Escaped
  readonly query: string
  /** A question mark with nothing behind it. */
  readonly hasEmptyQuery: boolean
  readonly omitsHost: boolean
}

export type Escaped = {
  readonly plain: string
  /** As it was given, unless Go would have written it so. */
  readonly raw: string
  /** As Go writes it. */
  readonly written: string
}

/** @throws BuiltinError */
export function parseUrl(text: string): GoUrl {
  if (/[\u0000-\u001f\u007f]/.test(text)) throw wrong('has a control character')
  const [before = '', fragment = ''] = groups(/^([^#]*)(?:#(.*))?$/s, text)
  const [scheme = '', afterScheme = ''] = groups(/^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(.*)$/s, before)
  const [rest = '', mark, query = ''] = groups(/^([^?]*)(\??)(.*)$/s, afterScheme)
  const shared = {
    scheme: scheme.toLowerCase(),
    query,
    hasEmptyQuery: mark === '?' && query === '',
    fragment: escaped(fragment, 'fragment'),
  }
  if (scheme === '') expectNoColon(before)
  else if (!rest.startsWith('/')) return { ...shared, ...opaqueOf(rest) }
  return { ...shared, opaque: '', ...hierarchyOf(scheme, rest) }
}

/** As Go writes it again. */
export function printUrl(url: GoUrl): string {
  const { scheme, opaque, user, host, path, fragment } = url
  const hasAuthority = host !== '' || user !== null || (scheme !== '' && path.plain !== '')
  const authority =
    hasAuthority && !url.omitsHost
      ? `//${user === null ? '' : `${user}@`}${escapeBytes(Buffer.from(host), 'host')}`
      : ''
  const hierarchy = opaque === '' ? `${authority}${path.written}` : opaque
  return [
    scheme === '' ? '' : `${scheme}:`,
    hierarchy,
    url.hasEmptyQuery || url.query !== '' ? `?${url.query}` : '',
    fragment.plain === '' ? '' : `#${fragment.written}`,
  ].join('')
}

/** Neither before what would be a scheme, nor in the first segment of a path. */
function expectNoColon(text: string): void {
  if (/^[^/?]*:/.test(text)) throw wrong('has a colon and no scheme')
}

type Hierarchy = Pick<GoUrl, 'user' | 'host' | 'path' | 'omitsHost'>

function opaqueOf(opaque: string): Hierarchy & Pick<GoUrl, 'opaque'> {
  return { opaque, user: null, host: '', path: escaped('', 'path'), omitsHost: false }
}

function hierarchyOf(scheme: string, rest: string): Hierarchy {
  const hasAuthority = rest.startsWith('//') && (scheme !== '' || !rest.startsWith('///'))
  if (!hasAuthority) {
    const omitsHost = scheme !== '' && rest !== ''
    return { user: null, host: '', path: escaped(rest, 'path'), omitsHost }
  }
  const [authority = '', path = ''] = groups(/^\/\/([^/]*)(.*)$/s, rest)
  const at = authority.lastIndexOf('@')
  return {
    user: at === -1 ? null : userOf(authority.slice(0, at)),
    host: hostOf(scheme, authority.slice(at + 1)),
    path: escaped(path, 'path'),
    omitsHost: false,
  }
}

function userOf(text: string): string {
  if (!/^[A-Za-z0-9\-._~!$&'()*+,;=:%@]*$/.test(text)) throw wrong('names its user wrongly')
  const [, name = '', password] = /^([^:]*)(?::(.*))?$/s.exec(text) ?? []
  return [name, ...(password === undefined ? [] : [password])]
    .map((part) => escapeBytes(unescapeBytes(part), 'user'))
    .join(':')
}

/** Of bytes only those that are no ASCII may be escaped. */
function hostOf(scheme: string, text: string): string {
  const bracket = /^\[([^\]]*)\](:\d*)?$/.exec(text)
  if (bracket !== null) {
    if (isIPv6(bracket[1] ?? '')) return text
    throw wrong('has no address in its brackets')
  }
  // Hosts and ports in a list are let pass, but not where the web is meant.
  const pattern = /^https?$/i.test(scheme) ? /^[^:[]*(?::\d*)?$/ : /^[^[]*?(?::\d*)?$/
  const isPlain = /^(?:[A-Za-z0-9\-._~!$&'()*+,;=:\]<>"\u0080-\uffff]|%[89A-Fa-f][0-9A-Fa-f])*$/
  const isPort = /^[^:]*$|:\d*$/.test(text)
  if (!pattern.test(text) || !isPlain.test(text) || !isPort) throw wrong('has a host that is none')
  return unescapeBytes(text).toString()
}

function escaped(raw: string, part: 'path' | 'fragment'): Escaped {
  const bytes = unescapeBytes(raw)
  const plain = bytes.toString()
  // The star of `OPTIONS *` stays as it is.
  const written = raw === '*' ? raw : escapeBytes(bytes, part)
  if (written === raw) return { plain, raw: '', written }
  return { plain, raw, written: isEscaped(raw, part) ? raw : written }
}

/** Of the one match; those that took no part are empty. */
function groups(pattern: RegExp, text: string): readonly string[] {
  return (pattern.exec(text) ?? []).slice(1).map((group: string | undefined) => group ?? '')
}

function wrong(what: string): BuiltinError {
  return new BuiltinError(`this is no URL: it ${what}`)
}
