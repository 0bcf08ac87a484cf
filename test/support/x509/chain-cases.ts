/** Ways that lead from an X.509-SVID to its authorities, and ways that do not. */
import {
  authority,
  alternativeNames,
  extension,
  nameConstraints,
  named,
} from '../../adapter/policy-engine/builtin/x509/make-certificate.ts'
import { der, integer, sequence } from '../../adapter/policy-engine/builtin/x509/der-writer.ts'
import { domain, keyUsage, uri, valid } from '../certificates.ts'
import {
  caBelow,
  chainBelow,
  issue,
  rootOf,
  workload,
  type Ca,
  type Hand,
} from './corpus-authority.ts'

type Chain = readonly Buffer[]
export type ChainCases = {
  readonly chains: Readonly<Record<string, Chain>>
  /** What stands in the bundle of the trust domain besides the first root. */
  readonly roots: readonly Ca[]
}

const ca = (...more: readonly Buffer[]): { readonly extensions: Chain } => ({
  extensions: [authority(), keyUsage.authority, ...more],
})
const short = (length: number): { readonly extensions: Chain } => ({
  extensions: [authority(length), keyUsage.authority],
})
const owned = (...ids: readonly string[]): { readonly extensions: Chain } =>
  ca(alternativeNames(...ids.map(uri)))

/** Middle authorities that are not as they should be. */
const middles = (now: number): Readonly<Record<string, Parameters<typeof caBelow>[2]>> => ({
  'that is no authority': { extensions: [keyUsage.authority] },
  'that says that it is none': {
    extensions: [extension('2.5.29.19', sequence(), true), keyUsage.authority],
  },
  'that may not sign certificates': { extensions: [authority(), keyUsage.leaf] },
  'without key usage': { extensions: [authority()] },
  'whose flag is not critical': {
    extensions: [extension('2.5.29.19', sequence(der(1, Buffer.of(255)))), keyUsage.authority],
  },
  'with an unknown critical extension': ca(extension('1.2.3', Buffer.of(5, 0), true)),
  'with the ID of its trust domain': owned('spiffe://example.org'),
  'with the ID of a workload': owned('spiffe://example.org/ca'),
  'with the ID of another trust domain': owned('spiffe://partner.example'),
  'with an ID that is none': owned('spiffe://example.org/'),
  'with two IDs': owned('spiffe://example.org', 'spiffe://example.org'),
  'with a URI that is no SPIFFE ID': owned('https://example.org/ca'),
  'that has expired': valid(now - 100, now - 1),
  'that is not yet valid': valid(now + 1, now + 100),
  'of version 1': { version: null, extensions: [] },
  'for one below': short(0),
  'with a negative path length': {
    extensions: [
      extension('2.5.29.19', sequence(der(1, Buffer.of(255)), der(2, Buffer.of(0xfe))), true),
      keyUsage.authority,
    ],
  },
})

type Bases = Parameters<typeof nameConstraints>[0]

/** Name constraints of a middle authority, on a leaf that has an ID and a domain. */
const constrained: Readonly<Record<string, readonly [Bases, Bases?]>> = {
  'permit the trust domain': [[[6, 'example.org']]],
  'permit domains below one': [[[6, '.org']]],
  'permit another trust domain': [[[6, 'other.example']]],
  'permit what is below the trust domain': [[[6, '.example.org']]],
  'permit a host above the trust domain': [[[6, 'org']]],
  'permit the trust domain in upper case': [[[6, 'EXAMPLE.ORG']]],
  'permit an ID': [[[6, 'spiffe://example.org']]],
  'permit the empty host': [[[6, '']]],
  'exclude the trust domain': [[], [[6, 'example.org']]],
  'exclude a host above the trust domain': [[], [[6, 'org']]],
  'exclude domains below one': [[], [[6, '.org']]],
  'exclude another trust domain': [[], [[6, 'other.example']]],
  'exclude the trust domain in upper case': [[], [[6, 'EXAMPLE.ORG']]],
  'permit and exclude the trust domain': [[[6, 'example.org']], [[6, 'example.org']]],
  'permit its domain': [[[2, 'example.org']]],
  'permit another domain': [[[2, 'other.example']]],
  'permit no domain': [[[2, '']]],
  'exclude its domain': [[], [[2, 'ops.example.org']]],
  'exclude another domain': [[], [[2, 'other.example']]],
  'exclude the domain that it is below': [[], [[2, 'example.org']]],
  'permit an address that it has not': [[[7, Buffer.of(10, 0, 0, 0, 255, 0, 0, 0)]]],
  'permit a mail domain': [[[1, 'example.org']]],
  'permit names of directories': [[[4, Buffer.of(0x30, 0)]]],
  'name nothing': [[]],
}

export function chainCases(root: Ca, now: number): ChainCases {
  const { hand } = root
  const called = (name: string): string => `${name} by ${hand.name}`
  const middle = caBelow(root, 'middle')
  const lower = caBelow(middle, 'lower')
  const [leaf = root.der, ...between] = chainBelow(lower)
  const stranger = rootOf(hand, 'stranger')
  const impostor = rootOf(hand, called('root'), { subject: root.name })
  const special = specialRoots(hand, called, now)
  const one = rootOf(hand, 'one')
  const two = caBelow(one, 'two')
  const crossed = {
    ...stranger,
    chain: [issue(root, { ...ca(), subject: stranger.name, pair: stranger.pair })],
  }
  const chains: Record<string, Chain> = {
    'nothing at all': [],
    'through one authority': chainBelow(middle),
    'through two': [leaf, ...between],
    'through two in the other order': [leaf, ...between.toReversed()],
    'through two, with the root': [leaf, ...between, root.der],
    'through two, with strangers': [leaf, stranger.der, ...between, impostor.der],
    'through two, each twice': [leaf, ...between, ...between],
    'with the leaf again': [leaf, ...between, leaf],
    'without the one in the middle': [leaf, between[0] ?? leaf],
    'without those in between': [leaf],
    'those in between before the leaf': [...between, leaf],
    'with what is no certificate': [leaf, ...between, Buffer.of(0x30, 0)],
    'with a byte behind the leaf': [Buffer.concat([leaf, Buffer.of(0)]), ...between],
    'to a root of its own': chainBelow(stranger),
    'to a root that it brings': [...chainBelow(stranger), stranger.der],
    'to a root of the same name': chainBelow(impostor),
    'to a root of the same name, which it brings': [...chainBelow(impostor), impostor.der],
    'to a root that a trusted one signed': chainBelow(crossed),
    'to a root that two signed, the stranger first': [
      ...chainBelow(stranger),
      stranger.der,
      ...crossed.chain,
    ],
    'round between two': [
      ...chainBelow(two),
      issue(two, { ...ca(), subject: one.name, pair: one.pair }),
    ],
    'through one that issued itself anew': chainBelow(
      caBelow(caBelow(root, 'same', short(0)), 'same'),
    ),
    'through one below one for none': chainBelow(
      caBelow(caBelow(root, 'tight', short(0)), 'below'),
    ),
    'through one below one for one': chainBelow(caBelow(caBelow(root, 'loose', short(1)), 'below')),
    'signed by itself': [issue({ ...root, name: named('leaf') }, {})],
    ...special.chains,
  }
  for (const depth of [4, 5, 7, 8])
    chains[`through ${String(depth)}`] = chainBelow(deep(root, depth))
  for (const [what, wanted] of Object.entries(middles(now)))
    chains[`through one ${what}`] = chainBelow(caBelow(root, 'unusual', wanted))
  for (const [what, bases] of Object.entries(constrained))
    chains[`through one whose constraints ${what}`] = constrainedChain(
      root,
      nameConstraints(...bases),
    )
  const [permitted] = constrained['permit another trust domain'] ?? [[]]
  chains['through one whose constraints are not critical'] = constrainedChain(
    root,
    extension(
      '2.5.29.30',
      sequence(der(0xa0, sequence(der(0x86, Buffer.from(String(permitted[0]?.[1])))))),
    ),
  )
  chains['through one whose constraints have a minimum'] = constrainedChain(
    root,
    extension(
      '2.5.29.30',
      sequence(der(0xa0, sequence(der(0x86, Buffer.from('example.org')), der(0x80, Buffer.of(1))))),
      true,
    ),
  )
  return { chains, roots: special.roots }
}

function constrainedChain(root: Ca, constraints: Buffer): Chain {
  const names = alternativeNames(uri(workload), domain('ops.example.org'))
  return chainBelow(caBelow(root, 'constrained', ca(constraints)), {
    extensions: [keyUsage.leaf, names],
  })
}

function deep(root: Ca, depth: number): Ca {
  return Array.from({ length: depth }, (_, i) => `depth ${String(i)}`).reduce<Ca>(
    (above, name) => caBelow(above, name),
    root,
  )
}

/** Authorities that their bundle holds, and that are not what a root is like. */
function specialRoots(hand: Hand, called: (name: string) => string, now: number): ChainCases {
  const wanted: Readonly<Record<string, Parameters<typeof rootOf>[2]>> = {
    'an authority that has expired': valid(now - 100, now - 1),
    'an authority for none below': short(0),
    'an authority that is none': { extensions: [keyUsage.authority] },
    'an authority that may not sign certificates': { extensions: [authority(), keyUsage.leaf] },
    'an authority without key usage': { extensions: [authority()] },
    'an authority of version 1': { version: null, extensions: [] },
    'an authority for another trust domain': ca(nameConstraints([[6, 'other.example']])),
    'an authority with the ID of another trust domain': owned('spiffe://partner.example'),
    'an authority with the ID of its trust domain': owned('spiffe://example.org'),
    'an authority with an unknown critical extension': ca(extension('1.2.3', integer(1), true)),
  }
  const made = Object.entries(wanted).map(
    ([what, one]) => [what, rootOf(hand, called(what), one)] as const,
  )
  const chains = Object.fromEntries(made.map(([what, root]) => [`to ${what}`, chainBelow(root)]))
  const none = made.find(([what]) => what === 'an authority for none below')?.[1]
  const self = rootOf(hand, called('leaf'), {
    extensions: [keyUsage.leaf, alternativeNames(uri(workload))],
  })
  return {
    chains: {
      ...chains,
      ...(none === undefined
        ? {}
        : {
            'to an authority for none below, through one': chainBelow(caBelow(none, 'below none')),
          }),
      'to itself, which the bundle holds': [self.der],
    },
    roots: [...made.map(([, root]) => root), self],
  }
}
