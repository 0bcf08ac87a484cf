// Proofs by X.509-SVIDs, as SPIRE issues them: keys of P-256, one authority between the leaf and the bundle. The chain
// of a connection is remembered; of one that comes with a proof of its key the proof is new each time.

import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { proveServer } from '../../service/flow/prove-server.ts'
import type { KeySets } from '../../service/port/key-sets.ts'
import { tokenHash } from '../../service/statement/digest.ts'
import { svidExtensions, valid } from '../../test/support/certificates.ts'
import { moment, tenantAudience } from '../../test/support/issuer.ts'
import type { Holder } from '../../test/support/workload.ts'
import { caBelow, chainBelow, es256, rootOf } from '../../test/support/x509/corpus-authority.ts'
import { asked, tenant, type Proof, type ProofKind } from './proof-kind.ts'

export type CertificateKinds = {
  readonly kinds: readonly ProofKind[]
  readonly authorities: KeySets['authorities']
}

export function certificateKinds(holder: Holder): CertificateKinds {
  const long = valid(moment - 1000, moment + 1000)
  const root = rootOf(es256, 'bench root', long)
  const middle = caBelow(root, 'bench authority', long)
  // What it signs, the holder signs; the other half is never used.
  const pair = {
    publicKey: createPublicKey({ key: holder.key.jwk, format: 'jwk' }),
    privateKey: generateKeyPairSync('ed25519').privateKey,
  }
  const svid = (): readonly Buffer[] => {
    const extensions = svidExtensions(`spiffe://example.org/${crypto.randomUUID()}`)
    return chainBelow(middle, { ...long, pair, extensions })
  }
  const kinds: readonly ProofKind[] = [
    {
      ...{ name: 'X.509-SVID, on a connection', isBeyondOpa: true },
      make: () => Promise.resolve(asProof(svid())),
      verify: async (proof, memory) => {
        const chain = proof.map(({ token }) => Uint8Array.from(Buffer.from(token, 'base64')))
        const peer = { thumbprint: tokenHash(chain[0] ?? new Uint8Array()), chain }
        const from = { ...asked, pep: { ...asked.pep, peer } }
        const proved = await proveServer({ mtls: true }, from, { tenant, ...memory })
        return proved?.ok === true
      },
    },
    {
      ...{ name: 'X.509-SVID and proof', isBeyondOpa: true },
      make: async () => {
        const chain = svid()
        const x5Proof = await holder.x5Proof(chain[0] ?? root.der, tenantAudience)
        return [...asProof(chain), { kind: 'x5_proof', token: x5Proof }]
      },
      verify: async (proof, memory) => {
        const x5c = proof.slice(0, -1).map(({ token }) => token)
        const x5_proof = proof.at(-1)?.token ?? ''
        const proved = await proveServer({ x5c, x5_proof }, asked, { tenant, ...memory })
        return proved?.ok === true
      },
    },
  ]
  const authorities = [root.der]
  return { kinds, authorities: () => Promise.resolve({ ok: true, authorities }) }
}

const asProof = (chain: readonly Buffer[]): Proof =>
  chain.map((der) => ({ kind: 'x5c', token: der.toString('base64') }))
