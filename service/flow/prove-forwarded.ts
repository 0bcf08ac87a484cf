/**
 * The word of the gateway that asks: of a server, what it started or what its TLS connection showed; of an agent, the
 * certificate that it proved there. Total. What that is enough for is policy.
 */
import type { Grade, VerifiedServer } from '../contract/policy-input.ts'
import type { ForwardedTls } from '../contract/query.ts'
import { limits } from '../contract/limits.ts'
import { noServer } from '../decision/facts.ts'
import { faultOfValidity, type Certificate } from '../identity/certificate.ts'
import type { Evidence } from '../identity/evidence.ts'
import { read, refuse, type Reading } from '../identity/reading.ts'
import { readTlsPath } from '../identity/tls-path.ts'
import type { KeySets } from '../port/key-sets.ts'
import { digestOfText } from '../statement/digest.ts'
import { decodeChain } from './decode-chain.ts'
import type { Asked } from './proof-ports.ts'

/** What a gateway says that it started: public data and its word. */
export function proveLaunch(launch: string, { pep }: Asked): Evidence<VerifiedServer> {
  const facts = { ...noServer, grade: forwardedBy(pep.grade), launch }
  return { ok: true, facts, digests: [], replayKeys: [] }
}

/** What a gateway says that it connected to, as far as the registry pins it. */
export function proveTls(
  tls: ForwardedTls,
  { now, pep, tlsPin: pin }: Asked,
  keySets: KeySets,
): Evidence<VerifiedServer> {
  if (pin === null) return refuse('pin_missing')
  if (tls.name !== pin.name) return refuse('pin_name')
  const seen = readSeen(tls, keySets, now)
  if (!seen.ok) return seen
  const { keys, expiresAt, digests } = seen.value
  const key = keys.find((one) => pin.keys.includes(one))
  if (key === undefined) return refuse('pin_key')
  const facts: VerifiedServer = {
    ...noServer,
    expires_at: expiresAt,
    grade: forwardedBy(pep.grade),
    tls: { name: tls.name, key },
  }
  return { ok: true, facts, digests, replayKeys: [] }
}

/**
 * The certificate that a gateway says its TLS proved the key of. Who issued it is nothing to us: the issuer of the token
 * bound it to this one (RFC 8705 section 2.2 lets it have signed itself).
 */
export function readForwardedCertificate(
  certificate: string,
  keySets: KeySets,
  now: number,
): Reading<Certificate> {
  const [der] = decodeChain([certificate]) ?? []
  const found = der === undefined ? null : keySets.certificate(der)
  if (found === null) return refuse('malformed')
  const fault = faultOfValidity(found, now)
  return fault === null ? read(found) : refuse(fault)
}

/** Nobody's word is worth more than the proof of who gave it. */
export function forwardedBy(grade: Grade): Grade {
  return grade === 'pop' || grade === 'bearer' ? 'forwarded' : 'asserted'
}

type Seen = {
  readonly keys: readonly string[]
  /** Null: the gateway says keys alone, which do not end. */
  readonly expiresAt: number | null
  readonly digests: readonly string[]
}

function readSeen({ name, x5c, keys }: ForwardedTls, keySets: KeySets, now: number): Reading<Seen> {
  if ((x5c === undefined) === (keys === undefined)) return refuse('malformed')
  if (x5c === undefined) return read({ keys: keys ?? [], expiresAt: null, digests: [] })
  if (x5c.length > limits.peerCertificates) return refuse('path_too_long')
  const chain = decodeChain(x5c)
  const certificates = chain?.map((der) => keySets.certificate(der)) ?? []
  const [leaf, ...above] = certificates.filter((one) => one !== null)
  if (leaf === undefined || above.length + 1 < x5c.length) return refuse('malformed')
  const path = readTlsPath([leaf, ...above], name, now)
  if (!path.ok) return path
  return read({ ...path.value, digests: (chain ?? []).slice(0, 1).map(digestOfText) })
}
