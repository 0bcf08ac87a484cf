// Chains whose authorities say which names (RFC 5280 section 4.2.1.10) and policies (section 6.1) may be below them.

import { type Chain, leaf, lower, lowerLeaf, middle, root, row } from './chain-parts.ts'
import { der, identifier, integer, sequence } from './der-writer.ts'
import { alternativeNames, authority, extension, nameConstraints } from './make-certificate.ts'

type Bases = readonly (readonly [number, Buffer | string])[]
const bound = (name: string, isValid: boolean, names: Bases, permitted: Bases, excluded?: Bases) =>
  row(name, isValid, [
    root(),
    middle({ extensions: [authority(), nameConstraints(permitted, excluded)] }),
    leaf({ extensions: [alternativeNames(...names)] }),
  ])
const ten = Buffer.from('0a000000ff000000', 'hex')
const bounds: readonly Chain[] = [
  bound('a permitted domain', true, [[2, 'x.example']], [[2, 'example']]),
  bound('the domain itself', true, [[2, 'EXAMPLE']], [[2, 'example']]),
  bound('below a dot', true, [[2, 'x.example']], [[2, '.example']]),
  bound('a dot alone is no domain itself', false, [[2, 'example']], [[2, '.example']]),
  bound('a domain that ends alike', false, [[2, 'anexample']], [[2, 'example']]),
  bound(
    'one permitted and one not',
    false,
    [
      [2, 'x.example'],
      [2, 'x.test'],
    ],
    [[2, 'example']],
  ),
  bound('an excluded domain', false, [[2, 'x.example']], [], [[2, 'example']]),
  bound(
    'an exclusion within what is permitted',
    false,
    [[2, 'a.b.example']],
    [[2, 'example']],
    [[2, 'b.example']],
  ),
  bound('a star that may mean what is excluded', false, [[2, '*.example']], [], [[2, 'b.example']]),
  bound('a star beside what is excluded', true, [[2, '*.example']], [], [[2, 'b.test']]),
  bound('a domain where addresses are bound', true, [[2, 'x.example']], [[7, ten]]),
  bound('a permitted address', true, [[7, Buffer.of(10, 1, 2, 3)]], [[7, ten]]),
  bound('an address outside', false, [[7, Buffer.of(11, 1, 2, 3)]], [[7, ten]]),
  bound('an excluded address', false, [[7, Buffer.of(10, 1, 2, 3)]], [], [[7, ten]]),
  bound('a mailbox of the domain', true, [[1, 'a@x.example']], [[1, '.example']]),
  bound('a mailbox of another', false, [[1, 'a@x.test']], [[1, 'example']]),
  bound('the mailbox itself', true, [[1, 'a@x.example']], [[1, 'a@X.example']]),
  bound('a mailbox in another case', false, [[1, 'A@x.example']], [[1, 'a@x.example']]),
  bound('a mailbox that is none', false, [[1, 'a']], [[1, 'example']]),
  bound('a URI of the domain', true, [[6, 'https://x.example:1/']], [[6, '.example']]),
  bound('a URI of another', false, [[6, 'https://x.test/']], [[6, '.example']]),
  bound('a URI of an address', false, [[6, 'https://127.0.0.1/']], [[6, 'example']]),
  bound('a kind that is not read', false, [[2, 'x.example']], [[4, sequence()]]),
]

const policies = (...names: readonly string[]): Buffer =>
  extension('2.5.29.32', sequence(...names.map((name) => sequence(identifier(name)))))
const mapped = (issuer: string, subject: string): Buffer =>
  extension('2.5.29.33', sequence(sequence(identifier(issuer), identifier(subject))))
const wanted = (...limits: readonly (readonly [number, number])[]): Buffer =>
  extension(
    '2.5.29.36',
    sequence(...limits.map(([kind, count]) => der(0x80 | kind, Buffer.of(count)))),
  )
const any = '2.5.29.32.0'
const ruled = (
  name: string,
  isValid: boolean,
  between: readonly Buffer[],
  below: readonly Buffer[],
) =>
  row(name, isValid, [
    root(),
    middle({ extensions: [authority(), ...between] }),
    leaf({ extensions: below }),
  ])
const ruledTwice = (
  name: string,
  isValid: boolean,
  [upper, under, below]: readonly [readonly Buffer[], readonly Buffer[], readonly Buffer[]],
): Chain =>
  row(name, isValid, [
    root(),
    middle({ extensions: [authority(), ...upper] }),
    lower({ extensions: [authority(), ...under] }),
    lowerLeaf({ extensions: below }),
  ])
const needed = wanted([0, 0])
const rules: readonly Chain[] = [
  ruled('no policy where none is needed', true, [policies('1.2.3')], []),
  ruled('no policy where one is needed', false, [policies('1.2.3'), needed], []),
  ruled('the policy that is needed', true, [policies('1.2.3'), needed], [policies('1.2.3')]),
  ruled('another policy', false, [policies('1.2.3'), needed], [policies('1.2.4')]),
  ruled('any policy above', true, [policies(any), needed], [policies('1.2.4')]),
  ruled('any policy below', true, [policies('1.2.3'), needed], [policies(any)]),
  ruled(
    'any policy below, inhibited',
    false,
    [policies('1.2.3'), needed, extension('2.5.29.54', integer(0))],
    [policies(any)],
  ),
  ruled(
    'a policy by its name below',
    true,
    [policies('1.2.3'), mapped('1.2.3', '1.2.9'), needed],
    [policies('1.2.9')],
  ),
  ruled(
    'a policy by its name above',
    false,
    [policies('1.2.3'), mapped('1.2.3', '1.2.9'), needed],
    [policies('1.2.3')],
  ),
  ruled(
    'any policy renamed',
    false,
    [policies('1.2.3'), mapped(any, '1.2.9')],
    [policies('1.2.9')],
  ),
  ruled('a leaf that needs one itself', false, [], [needed]),
  ruled('one needed from the leaf on', false, [policies('1.2.3'), wanted([0, 1])], []),
  ruled('one needed below the leaf', true, [policies('1.2.3'), wanted([0, 2])], []),
  ruledTwice('a rename that is inhibited', false, [
    [policies('1.2.3'), wanted([0, 0], [1, 0])],
    [policies('1.2.3'), mapped('1.2.3', '1.2.9')],
    [policies('1.2.9')],
  ]),
  ruledTwice('two renames', true, [
    [policies('1.2.3'), mapped('1.2.3', '1.2.4'), needed],
    [policies('1.2.4'), mapped('1.2.4', '1.2.5')],
    [policies('1.2.5')],
  ]),
  ruledTwice('a policy lost on the way', false, [
    [policies('1.2.3'), needed],
    [policies('1.2.4')],
    [policies('1.2.3')],
  ]),
]

export const constrainedChains: readonly Chain[] = [...bounds, ...rules]
