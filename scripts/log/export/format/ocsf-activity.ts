// A decision as OCSF API Activity (class 6003, OCSF 1.8.0) with the profile security_control: who asked for which call,
// what was decided, and by which policy.

import { answeredEffect } from '../../../../service/contract/observation.ts'
import type { DecisionLeaf } from '../../../../service/contract/leaf.ts'
import type { Effect } from '../../../../service/contract/policy-result.ts'
import type { ExportedEntry } from './exported-entry.ts'

const version = '1.8.0'
const other = 99
const sha256 = 3

/** action_id, disposition_id and status_id with their captions; what waits for somebody has none of its own. */
const said: Readonly<Record<Effect, object>> = {
  permit: { ...named('action', 1, 'Allowed'), ...named('disposition', 1, 'Allowed') },
  deny: { ...named('action', 2, 'Denied'), ...named('disposition', 2, 'Blocked') },
  hold: { ...named('action', other, 'Held'), ...named('disposition', other, 'Held') },
}

function named(name: string, id: number, caption: string): object {
  return { [`${name}_id`]: id, [name]: caption }
}

export function ocsfActivity({
  leaf,
  token,
  leafHash,
  disclosed,
}: ExportedEntry<DecisionLeaf>): object {
  const answered = answeredEffect(leaf)
  const { iat, phase, capability, reasons } = leaf
  return {
    ...{ class_uid: 6003, class_name: 'API Activity' },
    ...{ category_uid: 6, category_name: 'Application Activity' },
    ...{ activity_id: other, activity_name: phase, type_uid: 600_300 + other },
    ...{ severity_id: 1, severity: 'Informational', time: iat * 1000 },
    ...{
      ...named('status', 1, 'Success'),
      status_detail: reasons.map(({ code }) => code).join(' '),
    },
    ...said[answered],
    message: `${answered} ${capability.key ?? capability.kind} at ${capability.server}`,
    metadata: metadataOf(leaf),
    actor: actorOf(leaf, disclosed),
    api: {
      operation: capability.key ?? capability.kind,
      service: { name: capability.server },
      request: { uid: leaf.jti },
    },
    src_endpoint: { uid: leaf.aud },
    resources: [{ name: capability.server, type: 'MCP server' }],
    ...(leaf.authority.policy === null ? {} : policiesOf(leaf, leaf.authority.policy)),
    raw_data: token,
    raw_data_hash: {
      algorithm_id: sha256,
      algorithm: 'SHA-256',
      value: leafHash.slice('sha256:'.length),
    },
    unmapped: leaf,
  }
}

function metadataOf({ iss, jti, index, tenant, workflow }: DecisionLeaf): object {
  return {
    version,
    profiles: ['security_control'],
    product: { name: 'Countersign', vendor_name: 'Countersign' },
    ...{ uid: jti, log_name: iss, sequence: index, tenant_uid: tenant },
    correlation_uid: workflow.id,
  }
}

/** A pseudonym, unless the name is disclosed; the gateway where nobody was proved. */
function actorOf({ sub, aud }: DecisionLeaf, disclosed: ExportedEntry['disclosed']): object {
  const { initiator = null } = disclosed?.input?.verified ?? {}
  const client = initiator?.client_id ?? null
  const name = initiator?.sub ?? null
  return {
    ...(sub === null ? {} : { user: { uid: sub, ...(name === null ? {} : { name }) } }),
    ...(client === null ? {} : { app_uid: client }),
    invoked_by: aud,
  }
}

function policiesOf(
  { effect, authority, reasons }: DecisionLeaf,
  { digest, revision }: NonNullable<DecisionLeaf['authority']['policy']>,
): object {
  const policy = { uid: digest, version: revision, is_applied: true }
  const rules = [...authority.rules, ...reasons.map(({ code, rule = code }) => rule)]
  return {
    policy: { ...policy, name: 'countersign/decision' },
    authorizations: (rules.length === 0 ? ['countersign/decision'] : rules).map((name) => ({
      decision: effect,
      policy: { ...policy, name },
    })),
  }
}
