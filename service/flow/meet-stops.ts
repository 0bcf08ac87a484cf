/** The kill switches that a question meets: each denies, whatever policy says. */
import type { VerifiedInitiator } from '../contract/policy-input.ts'
import type { Query } from '../contract/query.ts'
import type { Gap } from '../contract/reason-code.ts'
import { capabilityOf, keyOf, type RegistryIndex } from '../decision/registry-index.ts'
import { pseudonymOf } from '../statement/digest.ts'
import type { Pep } from '../decision/facts.ts'
import type { DecidePorts } from './tenant.ts'

export function stopsMet(
  query: Query,
  pep: Pep,
  initiator: VerifiedInitiator,
  index: RegistryIndex,
  { audit, pseudonymKey }: Pick<DecidePorts, 'audit' | 'pseudonymKey'>,
): Gap[] {
  const actors = initiator.delegation.map(({ sub }) => sub)
  const persons = [initiator, ...initiator.delegation]
  const met = audit.stops.meeting({
    pep: pep.id,
    server: query.server.id,
    capabilities: keysOf(query, index),
    agents: initiator.client_id === null ? actors : [initiator.client_id, ...actors],
    subjects: () =>
      persons.flatMap(({ iss, sub }) =>
        sub === null ? [] : [pseudonymOf(pseudonymKey, iss ?? initiator.iss ?? '', sub)],
      ),
  })
  return [...new Set(met.map(({ kind }) => kind))].map((kind) => ({
    code: `stop.${kind}`,
    params: {},
  }))
}

function keysOf({ capability, server }: Query, index: RegistryIndex): readonly string[] {
  const key = keyOf(capability.kind, capability.name ?? null, capability.uri ?? null)
  const registered = capabilityOf(index, server.id, key)
  return registered === null ? [key] : [key, registered.key]
}
