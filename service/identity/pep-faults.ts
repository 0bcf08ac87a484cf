/** What is wrong with the gateways that a tenant registers, one by one and beside each other. */
import type { TenantConfig } from '../contract/config.ts'
import type { Fault } from '../contract/error-code.ts'
import { usualProof, type PepProof, type PepRegistration } from '../contract/pep-registration.ts'
import { parseWorkloadUri } from './spiffe-id.ts'

/** @param at JSON Pointer of the tenant */
export function faultsOfPeps(tenant: TenantConfig, at: string): Fault[] {
  const { peps } = tenant
  return peps.flatMap((pep, i) => {
    const pointer = `${at}/peps/${String(i)}`
    return [
      ...faultsOfProof(pep, tenant).map(({ pointer: member, reason }) => ({
        pointer: `${pointer}${member}`,
        reason,
      })),
      ...twice(peps.slice(0, i), pep).map((reason) => ({ pointer, reason })),
    ]
  })
}

/** Records name a gateway by its client_id, so that must say which one it is, whoever issued it. */
function twice(before: readonly PepRegistration[], pep: PepRegistration): string[] {
  const id = workloadOf(pep)
  return [
    ...(before.some((one) => one.client_id === pep.client_id)
      ? [`the PEP "${pep.client_id}" stands twice; each must differ`]
      : []),
    ...(id !== null && before.some((one) => workloadOf(one) === id)
      ? [`the workload "${id}" stands twice; each must differ`]
      : []),
  ]
}

/** A gateway that is a workload: its id, and the member of its proof that says it. */
function workloadOfProof(proof: PepProof): { readonly id: string; readonly by: string } | null {
  if ('wit' in proof) return { id: proof.wit.id, by: 'wit' }
  return 'mtls' in proof ? { id: proof.mtls.id, by: 'mtls' } : null
}

function workloadOf({ proof = usualProof }: PepRegistration): string | null {
  return workloadOfProof(proof)?.id ?? null
}

/** Whose word its proof stands on must be configured. */
function faultsOfProof(pep: PepRegistration, { issuers, trust_domains: domains }: TenantConfig) {
  const named = workloadOfProof(pep.proof ?? usualProof)
  if (named === null) {
    const isKnown = issuers.some(
      ({ issuer, kinds }) => issuer === pep.issuer && kinds.includes('pep'),
    )
    const reason = 'no issuer of this name has "pep" among its kinds'
    return isKnown ? [] : [{ pointer: '/issuer', reason }]
  }
  const { id, by } = named
  // A certificate names SPIFFE IDs only.
  const workload =
    by === 'mtls' ? parseWorkloadUri(id.startsWith('spiffe://') ? id : '') : parseWorkloadUri(id)
  if (workload === null) {
    const reason = 'write a whole SPIFFE ID with a path, as spiffe://acme.example/gateway'
    return [{ pointer: `/proof/${by}/id`, reason }]
  }
  const origin = id.slice(0, id.length - workload.path.length)
  return [
    ...(domains.some(({ name }) => name === workload.origin)
      ? []
      : [{ pointer: `/proof/${by}/id`, reason: 'its trust domain is not configured' }]),
    ...(pep.issuer === origin ? [] : [{ pointer: '/issuer', reason: `write ${origin}` }]),
  ]
}
