/**
 * How the endpoint that serves a trust domain's bundle is known (SPIFFE Federation, section 5.2): by the web's
 * authorities, by those of a file, or (`https_spiffe`) by its X509-SVID, held against the latest bundle of the
 * endpoint's own trust domain and the one SPIFFE ID that was configured.
 */
import type { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { SpiffeBundleSource } from '../../contract/config.ts'
import { readSvidLeaf } from '../../identity/x509-svid.ts'
import { spiffeAlgorithms } from '../../identity/token-profile.ts'
import type { TlsTrust } from '../outbound/fetch-bounded.ts'
import type { Reach } from './fetch-key-set.ts'
import { parseKeySet } from './key-set.ts'
import { readCertificate } from './x509/read-certificate.ts'

type WebSource = Exclude<
  Extract<SpiffeBundleSource, { url: string } | { discovery: object }>,
  { endpoint_spiffe_id: string }
>
type SpiffeSource = Extract<SpiffeBundleSource, { endpoint_spiffe_id: string }>

/** Reads the file anew at each fetch, so that whatever rotates it need not tell us. @throws Error */
export async function webReach({ internal = false, ca_file: file }: WebSource): Promise<Reach> {
  return file === undefined
    ? { internal }
    : { internal, tls: { ca: [await readFile(file, 'utf8')] } }
}

/** @param known CA certificates (DER) of the endpoint's trust domain; null: none are known yet. @throws Error */
export async function spiffeReach(
  { internal = false, endpoint_spiffe_id: id, bootstrap_file: file }: SpiffeSource,
  known: readonly Uint8Array[] | null,
): Promise<Reach> {
  const authorities = known ?? (await bootstrapOf(file))
  const tls: TlsTrust = {
    ca: authorities.map(pemOf),
    check: (certificate) => faultOfEndpoint(certificate, id),
  }
  return { internal, tls }
}

async function bootstrapOf(path: string | undefined): Promise<readonly Uint8Array[]> {
  if (path === undefined)
    throw new Error('the bundle of the trust domain of its endpoint is missing')
  const reading = parseKeySet(await readFile(path), 'spiffe', spiffeAlgorithms)
  if (!reading.ok) throw new Error(`its bootstrap file cannot be used: ${reading.reason}`)
  return reading.value.authorities
}

/** The chain was checked before; the leaf must be an SVID, of that one workload. */
function faultOfEndpoint({ raw }: X509Certificate, id: string): string | null {
  const leaf = readCertificate(raw)
  const named = leaf === null ? null : readSvidLeaf(leaf)
  return named?.ok === true && named.value.id === id ? null : `its endpoint is not ${id}`
}

function pemOf(der: Uint8Array): string {
  const lines = Buffer.from(der).toString('base64').replace(/.{64}/g, '$&\n')
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`
}
