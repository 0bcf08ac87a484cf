/** A certification authority of the tests, with real keys: X.509-SVIDs and server certificates, right ones and wrong ones. */
import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  X509Certificate,
  type webcrypto,
} from 'node:crypto'
import {
  alternativeNames,
  authority,
  extension,
  makeCertificate,
  named,
  pem,
  type Pair,
  type Wanted,
} from '../adapter/policy-engine/builtin/x509/make-certificate.ts'
import { bits, time } from '../adapter/policy-engine/builtin/x509/der-writer.ts'

export type Issued = {
  readonly der: Buffer
  readonly pair: Pair
  /** PEM of the certificate and of those that issued it, but for the root; and of its key. */
  readonly certificates: string
  readonly key: string
  /** The same as DER, the leaf first. */
  readonly chain: readonly Buffer[]
}

export type TestAuthority = Issued & {
  readonly name: Buffer
  /** An authority below it. */
  readonly authority: (name: string, wanted?: Wanted) => TestAuthority
  /** A leaf that names one workload, right in every part that is not wanted otherwise. */
  readonly svid: (id: string, wanted?: Wanted) => Issued
  /** A leaf with these extensions and no others. */
  readonly leaf: (wanted: Wanted) => Issued
}

export const keyUsage = {
  leaf: extension('2.5.29.15', bits(Buffer.of(0x80), 7), true),
  authority: extension('2.5.29.15', bits(Buffer.of(0x06), 1), true),
}

export const uri = (id: string): readonly [number, string] => [6, id]
export const domain = (name: string): readonly [number, string] => [2, name]

/** Valid from that second to that one. */
export function valid(from: number, to: number): Pick<Wanted, 'from' | 'to'> {
  const at = (seconds: number): Buffer => time(new Date(seconds * 1000).toISOString())
  return { from: at(from), to: at(to) }
}

export function createRoot(name: string, wanted: Wanted = {}): TestAuthority {
  const pair = newPair()
  const der = makeCertificate({
    subject: named(name),
    pair,
    extensions: [authority(), keyUsage.authority],
    ...wanted,
  })
  return authorityOf(named(name), der, pair, [])
}

const newPair = (): Pair => generateKeyPairSync('ed25519')

/** @param above the certificates that issued it, but for the root. */
function authorityOf(
  name: Buffer,
  der: Buffer,
  pair: Pair,
  above: readonly Buffer[],
): TestAuthority {
  const leaf = (wanted: Wanted): Issued => {
    const own = wanted.pair ?? newPair()
    const made = makeCertificate({
      subject: named('leaf'),
      issuer: name,
      signer: pair,
      pair: own,
      ...wanted,
    })
    return issued(made, own, above)
  }
  return {
    ...issued(der, pair, above.slice(1)),
    name,
    leaf,
    svid: (id, wanted = {}) => leaf({ extensions: svidExtensions(id), ...wanted }),
    authority: (below, wanted = {}) => {
      const own = newPair()
      const made = makeCertificate({
        subject: named(below),
        issuer: name,
        signer: pair,
        pair: own,
        extensions: [authority(), keyUsage.authority],
        ...wanted,
      })
      return authorityOf(named(below), made, own, [made, ...above])
    },
  }
}

export function svidExtensions(id: string): readonly Buffer[] {
  return [keyUsage.leaf, alternativeNames(uri(id))]
}

function issued(der: Buffer, pair: Pair, above: readonly Buffer[]): Issued {
  const chain = [der, ...above]
  return {
    ...{ der, pair, chain },
    certificates: chain.map((one) => pem(one)).join(''),
    key: pem(pair.privateKey.export({ type: 'pkcs8', format: 'der' }), 'PRIVATE KEY'),
  }
}

/** What a server shows of itself under one host name. */
export function serverCertificate(by: TestAuthority, name: string, wanted: Wanted = {}): Issued {
  return by.leaf({ extensions: [keyUsage.leaf, alternativeNames(domain(name))], ...wanted })
}

/** An X.509-SVID of a key of which the test has the JWK. */
export function certify(
  by: TestAuthority,
  jwk: webcrypto.JsonWebKey,
  id: string,
  wanted: Wanted = {},
): Buffer {
  const publicKey = createPublicKey({ key: jwk, format: 'jwk' })
  const pair = { publicKey, privateKey: by.pair.privateKey }
  return makeCertificate({
    ...{ subject: named('leaf'), issuer: by.name, signer: by.pair, pair },
    extensions: svidExtensions(id),
    ...wanted,
  })
}

/** What a pin of the registry names: the digest of its SubjectPublicKeyInfo, as OpenSSL writes it. */
export function keyPin(der: Uint8Array): string {
  const spki = new X509Certificate(der).publicKey.export({ type: 'spki', format: 'der' })
  return `sha256:${createHash('sha256').update(spki).digest('hex')}`
}

/** As `x5c` carries them. */
export const x5cOf = ({ chain }: Pick<Issued, 'chain'>): string[] =>
  chain.map((der) => Buffer.from(der).toString('base64'))
