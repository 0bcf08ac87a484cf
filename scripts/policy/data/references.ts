// What the registry says of itself must be there: a server, a capability or a group that somebody names and
// nobody has, and identities that two servers claim.

import { pointerTo } from '../../../service/contract/json-pointer.ts'
import type { Registry } from '../../../service/contract/registry.ts'
import type { Finding } from './finding.ts'

export function unknownServers(registry: Registry): readonly Finding[] {
  const known = (id: string): boolean => Object.hasOwn(registry.servers, id)
  const ofAgents = Object.entries(registry.agents).flatMap(([agent, { servers }]) =>
    servers.flatMap((id, i) =>
      known(id)
        ? []
        : [
            unknownServer(
              `${pointerTo('/agents', agent)}/servers/${String(i)}`,
              `the agent ${agent}`,
              id,
            ),
          ],
    ),
  )
  const ofAll = Object.entries(registry.agents).flatMap(([agent, { servers }]) =>
    servers.length === 0
      ? [
          {
            ...{ pointer: pointerTo('/agents', agent), code: 'data.agent_idle' },
            message: `the agent ${agent} may use no server, so that every query of it is denied: list one, or take it out`,
            severity: 'warning' as const,
          },
        ]
      : [],
  )
  const ofExceptions = registry.exceptions.flatMap(({ id, server }, i) =>
    known(server)
      ? []
      : [unknownServer(`/exceptions/${String(i)}/server`, `the exception ${id}`, server)],
  )
  const ofShadows = capabilitiesOf(registry).flatMap(({ pointer, capability, key }) =>
    (capability.shadows_reviewed ?? []).flatMap((id, i) =>
      known(id) ? [] : [unknownServer(`${pointer}/shadows_reviewed/${String(i)}`, key, id)],
    ),
  )
  return [...ofAgents, ...ofAll, ...ofExceptions, ...ofShadows]
}

function unknownServer(pointer: string, who: string, id: string): Finding {
  const message = `${who} names the server ${id}, which is not registered: register it, or correct the name`
  return { pointer, code: 'data.unknown_server', message, severity: 'error' }
}

interface Placed {
  readonly pointer: string
  readonly server: string
  readonly key: string
  readonly capability: Registry['servers'][string]['capabilities'][string]
}

export function capabilitiesOf(registry: Registry): readonly Placed[] {
  return Object.entries(registry.servers).flatMap(([server, { capabilities }]) =>
    Object.entries(capabilities).map(([key, capability]) => {
      const pointer = pointerTo(`${pointerTo('/servers', server)}/capabilities`, key)
      return { pointer, server, key, capability }
    }),
  )
}

/** `<kind>:<name>`, or the bare kind: another kind in the key is never asked for. */
export function wrongKinds(registry: Registry): readonly Finding[] {
  return capabilitiesOf(registry).flatMap(({ pointer, key, capability: { kind } }) => {
    if (key === kind || key.startsWith(`${kind}:`)) return []
    const message = `the key ${key} is not of the kind ${kind}, so that no query finds it: write ${kind}:<name>`
    return [{ ...{ pointer, code: 'data.kind', message }, severity: 'error' as const }]
  })
}

/** A workload or a URI that two servers claim would let one speak for the other. */
export function sharedIdentities(registry: Registry): readonly Finding[] {
  const entries = Object.entries(registry.servers)
  return [
    ...repeated(
      entries.flatMap(([id, { workload }]) =>
        'spiffe_id' in workload ? [[id, workload.spiffe_id, 'workload/spiffe_id'] as const] : [],
      ),
    ),
    ...repeated(entries.map(([id, { resource }]) => [id, resource, 'resource'])),
  ]
}

type Claim = readonly [server: string, value: string, member: string]

function repeated(claims: readonly Claim[]): readonly Finding[] {
  const first = new Map<string, string>()
  return claims.flatMap(([id, value, member]) => {
    const other = first.get(value)
    if (other === undefined) {
      first.set(value, id)
      return []
    }
    const message = `the server ${id} has the ${member} of ${other} (${value}): give each its own`
    const pointer = `${pointerTo('/servers', id)}/${member}`
    return [{ ...{ pointer, code: 'data.shared_identity', message }, severity: 'error' as const }]
  })
}
