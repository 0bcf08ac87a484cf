import { expect, test } from '@jest/globals'
import { parseUrl, printUrl } from '../../../../service/adapter/policy-engine/builtin/go-url.ts'
import { BuiltinError } from '../../../../service/adapter/policy-engine/rego-value.ts'

type Parts = {
  readonly scheme?: string
  readonly opaque?: string
  readonly host?: string
  readonly query?: string
  readonly hasUser?: boolean
  readonly hasEmptyQuery?: boolean
  readonly omitsHost?: boolean
  /** Unescaped, as it was given if Go writes it otherwise, as Go writes it. */
  readonly path?: readonly [string, string, string]
  readonly fragment?: readonly [string, string]
}

// What `url.Parse` and `URL.String` of Go 1.26.8 give; of the parts those that are not empty.
const cases: readonly (readonly [string, Parts, string])[] = [
  [
    'spiffe://example.com/opa',
    { scheme: 'spiffe', host: 'example.com', path: ['/opa', '', '/opa'] },
    'spiffe://example.com/opa',
  ],
  [
    'https://u:p@h.example:8/a%2Fb c?q=1#f%20g',
    {
      scheme: 'https',
      host: 'h.example:8',
      query: 'q=1',
      hasUser: true,
      path: ['/a/b c', '/a%2Fb c', '/a/b%20c'],
      fragment: ['f g', ''],
    },
    'https://u:p@h.example:8/a/b%20c?q=1#f%20g',
  ],
  ['mailto:a@b', { scheme: 'mailto', opaque: 'a@b' }, 'mailto:a@b'],
  ['urn:x:y', { scheme: 'urn', opaque: 'x:y' }, 'urn:x:y'],
  ['//h/p', { host: 'h', path: ['/p', '', '/p'] }, '//h/p'],
  ['/a/b?', { hasEmptyQuery: true, path: ['/a/b', '', '/a/b'] }, '/a/b?'],
  ['https://h', { scheme: 'https', host: 'h' }, 'https://h'],
  ['https://h?', { scheme: 'https', host: 'h', hasEmptyQuery: true }, 'https://h?'],
  ['http:///p', { scheme: 'http', path: ['/p', '', '/p'] }, 'http:///p'],
  ['file:/x', { scheme: 'file', omitsHost: true, path: ['/x', '', '/x'] }, 'file:/x'],
  [
    'http://h/a(b)',
    { scheme: 'http', host: 'h', path: ['/a(b)', '/a(b)', '/a(b)'] },
    'http://h/a(b)',
  ],
  ['*', { path: ['*', '', '*'] }, '*'],
  ['http://h/%41', { scheme: 'http', host: 'h', path: ['/A', '/%41', '/%41'] }, 'http://h/%41'],
  ['http://u@h', { scheme: 'http', host: 'h', hasUser: true }, 'http://u@h'],
  ['HTTP://H/P', { scheme: 'http', host: 'H', path: ['/P', '', '/P'] }, 'http://H/P'],
  [
    'http://[::1]:80/x',
    { scheme: 'http', host: '[::1]:80', path: ['/x', '', '/x'] },
    'http://[::1]:80/x',
  ],
  ['a:b', { scheme: 'a', opaque: 'b' }, 'a:b'],
  ['x#', { path: ['x', '', 'x'] }, 'x'],
  ['http://h/é', { scheme: 'http', host: 'h', path: ['/é', '/é', '/%C3%A9'] }, 'http://h/%C3%A9'],
  ['a/b:c', { path: ['a/b:c', '', 'a/b:c'] }, 'a/b:c'],
  ['?x', { query: 'x' }, '?x'],
  ['', {}, ''],
  [
    'http://u%41:p%20x@h/',
    { scheme: 'http', host: 'h', hasUser: true, path: ['/', '', '/'] },
    'http://uA:p%20x@h/',
  ],
  ['http://u/x@h', { scheme: 'http', host: 'u', path: ['/x@h', '', '/x@h'] }, 'http://u/x@h'],
  [
    'http:opaque?q#f',
    { scheme: 'http', opaque: 'opaque', query: 'q', fragment: ['f', ''] },
    'http:opaque?q#f',
  ],
  ['http://h//x', { scheme: 'http', host: 'h', path: ['//x', '', '//x'] }, 'http://h//x'],
  ['//', {}, ''],
  ['a:/b//c', { scheme: 'a', omitsHost: true, path: ['/b//c', '', '/b//c'] }, 'a:/b//c'],
  ['http://h/[x]', { scheme: 'http', host: 'h', path: ['/[x]', '/[x]', '/[x]'] }, 'http://h/[x]'],
  ['pg://a:1,b:2/', { scheme: 'pg', host: 'a:1,b:2', path: ['/', '', '/'] }, 'pg://a:1,b:2/'],
  ['http://a]b/', { scheme: 'http', host: 'a]b', path: ['/', '', '/'] }, 'http://a]b/'],
  [
    'http://h/?a?b',
    { scheme: 'http', host: 'h', query: 'a?b', path: ['/', '', '/'] },
    'http://h/?a?b',
  ],
  ['http://h??', { scheme: 'http', host: 'h', query: '?' }, 'http://h??'],
  ['x:///', { scheme: 'x', path: ['/', '', '/'] }, 'x:///'],
  ['x://', { scheme: 'x' }, 'x:'],
  ['///a', { path: ['///a', '', '///a'] }, '///a'],
  ['x:#f', { scheme: 'x', fragment: ['f', ''] }, 'x:#f'],
  [
    'http://h#a%2Fb(c)',
    { scheme: 'http', host: 'h', fragment: ['a/b(c)', 'a%2Fb(c)'] },
    'http://h#a%2Fb(c)',
  ],
  ['http://h%C3%A9/', { scheme: 'http', host: 'hé', path: ['/', '', '/'] }, 'http://h%C3%A9/'],
  ['http://é/', { scheme: 'http', host: 'é', path: ['/', '', '/'] }, 'http://%C3%A9/'],
  ['-a/b:c', { path: ['-a/b:c', '', '-a/b:c'] }, '-a/b:c'],
  ['http://a<b>"c/', { scheme: 'http', host: 'a<b>"c', path: ['/', '', '/'] }, 'http://a<b>"c/'],
  ['http://u:p:q@h', { scheme: 'http', host: 'h', hasUser: true }, 'http://u:p%3Aq@h'],
  [
    'http://u@v@h/',
    { scheme: 'http', host: 'h', hasUser: true, path: ['/', '', '/'] },
    'http://u%40v@h/',
  ],
  ['http://@h/', { scheme: 'http', host: 'h', hasUser: true, path: ['/', '', '/'] }, 'http://@h/'],
  [
    'http://u:@h/',
    { scheme: 'http', host: 'h', hasUser: true, path: ['/', '', '/'] },
    'http://u:@h/',
  ],
  [
    'http://:p@h/',
    { scheme: 'http', host: 'h', hasUser: true, path: ['/', '', '/'] },
    'http://:p@h/',
  ],
  ['http://h:/x', { scheme: 'http', host: 'h:', path: ['/x', '', '/x'] }, 'http://h:/x'],
  ['/a:b', { path: ['/a:b', '', '/a:b'] }, '/a:b'],
  ['./a:b', { path: ['./a:b', '', './a:b'] }, './a:b'],
  ['?a:b', { query: 'a:b' }, '?a:b'],
  ['#x', { fragment: ['x', ''] }, '#x'],
  ['#?x', { fragment: ['?x', ''] }, '#?x'],
  ['1?a:b', { query: 'a:b', path: ['1', '', '1'] }, '1?a:b'],
  ['1/:', { path: ['1/:', '', '1/:'] }, '1/:'],
  ["http://h/'a!", { scheme: 'http', host: 'h', path: ["/'a!", "/'a!", "/'a!"] }, "http://h/'a!"],
]

test.each(cases)('%s is taken apart as Go does', (text, parts, printed) => {
  const url = parseUrl(text)
  const { scheme = '', opaque = '', host = '', query = '', path = ['', '', ''] } = parts
  const { hasUser = false, hasEmptyQuery = false, omitsHost = false, fragment = ['', ''] } = parts
  expect(url).toMatchObject({ scheme, opaque, host, query, hasEmptyQuery, omitsHost })
  expect(url.user !== null).toBe(hasUser)
  expect([url.path.plain, url.path.raw, url.path.written]).toEqual(path)
  expect([url.fragment.plain, url.fragment.raw]).toEqual(fragment)
  expect(printUrl(url)).toBe(printed)
})

test.each([
  'http://a b/',
  'http://h:x/',
  '1x:y',
  ':x',
  'a b:c',
  'http://%41/',
  'http://h%20/',
  'http://a:1:2/',
  'pg://a:1:x/',
  'http://[::1]x',
  'http://[1.2.3.4]/',
  'http://h#a%2',
  '+a:b',
  'http://h/%zz',
  '%41:x',
  '%zz:',
  'é:x',
  'a\nb',
])('%j is no URL', (text) => {
  expect(() => parseUrl(text)).toThrow(BuiltinError)
})
