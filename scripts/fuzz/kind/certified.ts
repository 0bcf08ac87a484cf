// Servers and agents that are known by certificates which others carry: an X.509-SVID with the proof by its key, and
// what the gateway's own TLS showed.

import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import type { Query } from '../../../service/contract/query.ts'
import { tokenHash } from '../../../service/statement/digest.ts'
import {
  alternativeNames,
  type Pair,
  type Wanted,
} from '../../../test/adapter/policy-engine/builtin/x509/make-certificate.ts'
import {
  domain,
  keyPin,
  keyUsage,
  svidExtensions,
  type TestAuthority,
} from '../../../test/support/certificates.ts'
import type { TestIssuer } from '../../../test/support/issuer.ts'
import { names } from '../../../test/support/party.ts'
import { chainOf, misspelt, textOf, x5cOf } from '../chain-text.ts'
import { saas, type Ground } from '../ground.ts'
import { hostileChain, otherBit, unreadable, type Certified } from '../hostile-chain.ts'
import { tokenOf, type Kind } from '../kind.ts'
import type { Random } from '../random.ts'
import { wrongClaims } from '../wrong-claims.ts'
import { wrongServers, wrongSvids } from '../wrong-leaves.ts'

/** @param pair by default a key of nobody, which is enough where possession is not proved */
export function certifiedSvid(
  { authorities, now, long }: Ground,
  id: string,
  pair: Pair = generateKeyPairSync('ed25519'),
): Certified {
  const below: Certified['below'] = (by, wanted) =>
    by.leaf({ ...long, pair, extensions: svidExtensions(id), ...wanted }).chain
  return {
    ...{ genuine: below(authorities.middle, {}), below, authorities },
    wrong: [...wrongSvids(id), ...unreadable(now)],
  }
}

export async function certified(
  ground: Ground,
  query: Query,
  stranger: TestIssuer,
): Promise<readonly Kind[]> {
  return [
    ...(await byX5Proof(ground, query, stranger)),
    ...(await byTls(ground, query)),
    ...(await byForwarded(ground, query, stranger)),
  ]
}

async function byX5Proof(
  ground: Ground,
  query: Query,
  stranger: TestIssuer,
): Promise<readonly Kind[]> {
  const { holder, audience } = ground.party
  const publicKey = createPublicKey({ key: holder.key.jwk, format: 'jwk' })
  // What it signs, the holder signs; the other half is never used.
  const pair = { publicKey, privateKey: generateKeyPairSync('ed25519').privateKey }
  const svid = certifiedSvid(ground, names.spiffeId, pair)
  const server = (x5c: string[], x5_proof: string): Query => ({
    ...query,
    server: { id: 'ops', proof: { x5c, x5_proof } },
  })
  const x5c = x5cOf(textOf(svid.genuine))
  const proofOf = async (text: string): Promise<string> =>
    await holder.x5Proof(chainOf(text)[0] ?? Buffer.alloc(0), audience)
  return [
    {
      name: 'proof by the key of an X.509-SVID',
      ...tokenOf(
        {
          ...{ compact: await proofOf(textOf(svid.genuine)), signer: holder.key },
          ...{ demanded: wrongClaims.x5Proof, forbidden: { ath: ['x'], tth: ['x'], oth: ['x'] } },
        },
        stranger,
      ),
      with: (token) => server(x5c, token),
    },
    {
      name: 'X.509-SVID that a proof is by',
      ...{ genuine: textOf(svid.genuine), hostile: spelling(svid) },
      with: async (text) => server(x5cOf(text), await proofOf(text)),
    },
  ]
}

/** Mostly other certificates; sometimes the same ones, written otherwise. */
const spelling =
  (of: Certified) =>
  (random: Random): string =>
    random.below(6) === 0 ? misspelt(textOf(of.genuine), random) : textOf(hostileChain(of, random))

async function byTls({ authorities, now, long, party }: Ground, query: Query) {
  const below: Certified['below'] = (by, wanted) => [
    ...by.leaf({
      ...long,
      extensions: [keyUsage.leaf, alternativeNames(domain(saas))],
      ...wanted,
    }).chain,
    authorities.root.der,
  ]
  const path: Certified = {
    ...{ genuine: below(authorities.middle, {}), below, authorities },
    wrong: [...wrongServers(saas), ...unreadable(now)],
  }
  const granted = await party.grant({ capabilities: ['saas/tool:status'] })
  const reached = (proof: NonNullable<Query['server']['proof']>): Query => ({
    ...query,
    ...{ server: { id: 'saas', proof }, purpose: { grant: granted } },
  })
  const key = keyPin(authorities.root.der)
  const kinds: readonly Kind[] = [
    {
      name: 'TLS path that a gateway saw',
      ...{ genuine: textOf(path.genuine), hostile: spelling(path) },
      with: (text) => reached({ tls: { name: saas, x5c: x5cOf(text) } }),
    },
    {
      name: 'TLS name that a gateway saw',
      ...{ genuine: saas, hostile: (random) => otherText(saas, random) },
      with: (name) => reached({ tls: { name, x5c: x5cOf(textOf(path.genuine)) } }),
    },
    {
      name: 'TLS key that a gateway saw',
      ...{ genuine: key, hostile: (random) => otherText(key, random) },
      with: (text) => reached({ tls: { name: saas, keys: [text] } }),
    },
  ]
  return kinds
}

/** One character is another, or there is one more, or one less. */
export function otherText(text: string, random: Random): string {
  const at = random.below(text.length)
  const character = random.pick('0aZ9.:-_%\u0000 \u0430'.split(''))
  return random.pick([
    `${text.slice(0, at)}${text[at] === character ? '1' : character}${text.slice(at + 1)}`,
    `${text.slice(0, at)}${character}${text.slice(at)}`,
    `${text.slice(0, at)}${text.slice(at + 1)}`,
    text.toUpperCase(),
    '',
  ])
}

/** RFC 8705 through a gateway: the certificate may have signed itself, and is the one that the token names. */
async function byForwarded(
  { authorities, now, long, party }: Ground,
  query: Query,
  stranger: TestIssuer,
): Promise<readonly Kind[]> {
  const leaf = authorities.middle.leaf(long).der
  const bound = async (der: Uint8Array): Promise<string> =>
    await party.access({ cnf: { 'x5t#S256': tokenHash(der) } })
  const access = await bound(leaf)
  const agent = (access_token: string, certificate: string): Query => ({
    ...query,
    initiator: { access_token, certificate },
  })
  const another = (by: TestAuthority, wanted: Wanted): string =>
    textOf([by.leaf({ ...long, ...wanted }).der])
  const text = leaf.toString('base64')
  const broken = unreadable(now)
  return [
    {
      name: 'token bound to an agent’s certificate',
      ...tokenOf(
        {
          ...{ compact: access, signer: party.keys.identity },
          demanded: { ...wrongClaims.person, ...wrongClaims.bound },
        },
        stranger,
      ),
      with: (token) => agent(token, text),
    },
    {
      name: 'certificate of an agent',
      genuine: text,
      hostile: (random) =>
        random.pick([
          () => misspelt(text, random),
          () => textOf([otherBit(leaf, random)]),
          () => another(authorities.stranger, {}),
        ])(),
      with: (certificate) => agent(access, certificate),
    },
    {
      name: 'certificate of an agent that its token names',
      genuine: text,
      hostile: (random) => another(authorities.middle, random.pick(broken)),
      with: async (certificate) =>
        agent(await bound(chainOf(certificate)[0] ?? Buffer.alloc(0)), certificate),
    },
  ]
}
