// Peers that are known by what they show in a handshake. A handshake is slow: so most of what they show is brought to
// the port that judges it, as the listener would bring it, and some of it is shown in a handshake of TLS.

import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import type { TLSSocket } from 'node:tls'
import { development } from '../../../service/adapter/development/development-tenant.ts'
import type { Query } from '../../../service/contract/query.ts'
import type { Pep } from '../../../service/decision/facts.ts'
import { decide } from '../../../service/flow/decide.ts'
import { provePep, type PepCredential } from '../../../service/flow/prove-pep.ts'
import type { PeerChain } from '../../../service/identity/certificate.ts'
import { digestOfText, tokenHash } from '../../../service/statement/digest.ts'
import { pem } from '../../../test/adapter/policy-engine/builtin/x509/make-certificate.ts'
import type { TestIssuer } from '../../../test/support/issuer.ts'
import { names } from '../../../test/support/party.ts'
import { connectTls, requestOver } from '../../../test/support/tls-client.ts'
import { chainOf, textOf } from '../chain-text.ts'
import { gateways, tlsName, type Ground } from '../ground.ts'
import { hostileChain, hostileHandshake } from '../hostile-chain.ts'
import { tokenOf, type Ending, type Kind } from '../kind.ts'
import { wrongClaims } from '../wrong-claims.ts'
import { certifiedSvid } from './certified.ts'
import { endingOf } from './gateways.ts'

export async function peers(
  ground: Ground,
  query: Query,
  stranger: TestIssuer,
): Promise<readonly Kind[]> {
  return [
    ...atPort(ground, query),
    await boundToken(ground, stranger),
    ...byHandshake(ground, query),
  ]
}

function peerOf(text: string): PeerChain {
  const chain = chainOf(text)
  return { thumbprint: tokenHash(chain[0] ?? Buffer.alloc(0)), chain }
}

/** What a route for decisions demands. */
const scope = 'pdp.evaluate'

/** What the rim asks of the port for each request. */
async function isGateway(
  { port, now }: Ground,
  credential: PepCredential,
  peer: PeerChain,
): Promise<Ending> {
  const request = { method: 'POST', url: '', digest: () => digestOfText(''), peer }
  try {
    const proved = await provePep(credential, request, port, now)
    return proved.ok && proved.value.scopes.includes(scope) ? 'permit' : 'refused'
  } catch {
    return 'crash'
  }
}

function atPort(ground: Ground, query: Query): readonly Kind[] {
  const gateway = certifiedSvid(ground, gateways.mtls)
  const server = certifiedSvid(ground, names.spiffeId)
  const asked: Query = { ...query, server: { id: 'ops', proof: { mtls: true } } }
  return [
    {
      name: 'X.509-SVID of a gateway',
      genuine: textOf(gateway.genuine),
      hostile: (random) => textOf(hostileChain(gateway, random)),
      alone: (text) => {
        const peer = peerOf(text)
        return isGateway(ground, { kind: 'mtls', peer }, peer)
      },
    },
    {
      name: 'X.509-SVID of a server',
      genuine: textOf(server.genuine),
      hostile: (random) => textOf(hostileChain(server, random)),
      alone: (text) => decided(ground, asked, peerOf(text)),
    },
  ]
}

/** A server that asks for itself, and was let in as a gateway. */
async function decided({ port }: Ground, query: Query, peer: PeerChain): Promise<Ending> {
  const registration = port.peps.find(({ client_id: id }) => id === development.pep)
  if (registration === undefined) return 'crash'
  const { issuer, project, environment, servers, owner, review_by: reviewBy } = registration
  const pep: Pep = {
    ...{ tenant: port.tenant.id, id: development.pep, issuer, project, environment, servers },
    ...{ scopes: [], grade: 'pop', workload: null, peer, proofs: [], owner, reviewBy },
  }
  try {
    return (await decide(query, pep, port)).leaf.effect === 'deny' ? 'refused' : 'permit'
  } catch {
    return 'crash'
  }
}

/** RFC 8705: an access token that is bound to what the gateway shows. */
async function boundToken(ground: Ground, stranger: TestIssuer): Promise<Kind> {
  const { party, authorities, long } = ground
  const peer = peerOf(textOf([authorities.middle.leaf(long).der]))
  const { certificate } = gateways
  const cnf = { 'x5t#S256': peer.thumbprint }
  const compact = await party.credential({ sub: certificate, client_id: certificate, cnf })
  return {
    name: 'certificate-bound token of a gateway',
    ...tokenOf(
      {
        ...{ compact, signer: party.keys.identity },
        demanded: { ...wrongClaims.gateway, ...wrongClaims.bound },
      },
      stranger,
    ),
    alone: (token) => isGateway(ground, { kind: 'bearer', token }, peer),
  }
}

function byHandshake(ground: Ground, query: Query): readonly Kind[] {
  const asked: Query = { ...query, server: { id: 'ops', proof: { mtls: true } } }
  const shown = (id: string, said: Query, name: string): Kind => {
    const pair = generateKeyPairSync('ed25519')
    const svid = certifiedSvid(ground, id, pair)
    const key = pem(pair.privateKey.export({ type: 'pkcs8', format: 'der' }), 'PRIVATE KEY')
    return {
      ...{ name, isRare: true, genuine: textOf(svid.genuine) },
      hostile: (random) => textOf(hostileHandshake(svid, random)),
      alone: (text) => handshake(ground, text, key, said),
    }
  }
  return [
    shown(gateways.mtls, query, 'X.509-SVID of a gateway, over TLS'),
    shown(names.spiffeId, asked, 'X.509-SVID of a server, over TLS'),
  ]
}

/** What no client can show, or no handshake lives through, is refused. */
async function handshake(
  { stage, listenerRoot }: Ground,
  text: string,
  key: string,
  query: Query,
): Promise<Ending> {
  const certificates = chainOf(text).map((one) => pem(Buffer.from(one)))
  let socket: TLSSocket
  try {
    const shows = { cert: certificates.join(''), key }
    const options = { url: stage.tlsUrl(), ca: listenerRoot, servername: tlsName }
    socket = await connectTls({ ...options, checkServerIdentity: () => undefined, ...shows })
  } catch {
    return 'refused'
  }
  try {
    const reply = requestOver(socket, 'POST /v1/decisions', {}, query)
    const ended = once(socket, 'close').then(() => null)
    const answer = await Promise.race([reply, ended])
    return answer === null ? 'refused' : endingOf(answer.status, answer.body['effect'])
  } catch {
    return 'refused'
  } finally {
    socket.destroy()
  }
}
