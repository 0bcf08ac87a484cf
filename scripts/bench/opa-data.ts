// What OPA gets as data: the registry, worked out beforehand into what the wrapper looks up at once, as our
// service works out its own indexes when a registry is activated; and what we have from configuration.

import type {
  DevelopmentKeys,
  IssuerKey,
} from '../../service/adapter/development/development-keys.ts'
import {
  development,
  developmentTenant,
} from '../../service/adapter/development/development-tenant.ts'
import type { Capability, Registry, ScopeRule, Server } from '../../service/contract/registry.ts'
import { workloadSlice } from '../../service/decision/workload-slice.ts'
import { indexOf, shadowsOf } from '../../service/decision/registry-index.ts'

export function opaData(registry: Registry, keys: DevelopmentKeys): object {
  const { servers, purposes, agents } = registry
  const index = indexOf(registry)
  return {
    registry: { purposes, agents },
    bench: {
      trust_domain: development.trustDomain,
      spiffe_prefix: `spiffe://${development.trustDomain}/`,
      constraints: constraintsOf(registry, keys),
      peps: pepsOf(keys),
      servers: mapped(servers, (server, id) => serverSlice(id, server, registry)),
      capabilities: mapped(servers, (server, id) =>
        mapped(server.capabilities, (capability, key) => ({
          capability,
          shadows: shadowsOf(index, id, key.slice(key.indexOf(':') + 1), capability),
        })),
      ),
      scopes: mapped(servers, (server) => mapped(server.capabilities, scopeOf)),
      memberships: membershipsOf(index.memberships),
      reviewed: reviewedOf(registry),
    },
  }
}

function mapped<T, U>(
  record: Readonly<Record<string, T>>,
  map: (value: T, key: string) => U,
): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]))
}

/** What `io.jwt.decode_verify` takes, whole. */
function constraintsOf(registry: Registry, keys: DevelopmentKeys): object {
  const { audience, identityIssuer, purposeIssuer } = development
  const by = (key: IssuerKey, constraints: object): object => ({
    // OPA takes a JWK set as text.
    cert: JSON.stringify({ keys: [{ ...key.publicJwk, kid: key.kid, alg: 'ES256' }] }),
    alg: 'ES256',
    ...constraints,
  })
  return {
    pep: by(keys.identity, { iss: identityIssuer, aud: audience }),
    access: mapped(registry.servers, ({ resource }) =>
      by(keys.identity, { iss: identityIssuer, aud: resource }),
    ),
    svid: by(keys.spiffe, { aud: audience }),
    grant: by(keys.purpose, { iss: purposeIssuer, aud: audience }),
  }
}

function pepsOf(keys: DevelopmentKeys): object {
  const { id: tenant, peps } = developmentTenant(keys, '')
  const byIssuer: Record<string, Record<string, object>> = {}
  for (const { issuer, client_id: id, project, environment, servers, owner, review_by } of peps) {
    const pep = {
      tenant: { id: tenant, project, environment },
      pep: { id, grade: 'bearer', servers, owner, review_by },
    }
    byIssuer[issuer] = { ...byIssuer[issuer], [id]: pep }
  }
  return byIssuer
}

/** The part of the input's registry slice that depends on the server alone. */
function serverSlice(id: string, server: Server, registry: Registry): object {
  return {
    server: {
      id,
      ...workloadSlice(server.workload),
      resource: server.resource,
      owner: server.owner,
      review_by: server.review_by,
      elicitation_hosts: server.elicitation_hosts ?? [],
    },
    governed_tool_names: [],
    exceptions: registry.exceptions.filter((exception) => exception.server === id),
    parameters: registry.parameters,
  }
}

/** The rules of a data scope by what they add; only the forms that the measured registry has. */
function scopeOf({ data_scope: rules = [] }: Capability): object {
  const always = rules.filter((rule) => rule.source === 'always').map((rule) => rule.add)
  const found = rules.filter((rule) => rule.source === 'arguments')
  return {
    always: {
      classifications: always.flatMap((add) => add.classifications ?? []),
      directions: always.flatMap((add) => add.direction ?? []),
    },
    resources: found.flatMap(({ path, add }) =>
      (add.resources ?? []).map((template) => ({ path, template })),
    ),
    residency: found.flatMap(({ path, prefix, add }) =>
      (add.residency ?? []).map((residency) => ({ path, prefix, residency })),
    ),
    required: found
      .filter((rule) => rule.required === true)
      .map((rule) => ({ path: rule.path, unresolved: unresolvedName(rule) })),
  }
}

function unresolvedName({ source, path = [] }: ScopeRule): string {
  return `${source}/${path.join('/')}`
}

function membershipsOf(memberships: ReadonlyMap<string, readonly string[]>): object {
  const byIssuer: Record<string, Record<string, readonly string[]>> = {}
  for (const [key, groups] of memberships) {
    const [iss, sub] = JSON.parse(key) as [string, string]
    byIssuer[iss] = { ...byIssuer[iss], [sub]: groups }
  }
  return byIssuer
}

/** None of the measured definitions hides a text or refers elsewhere. */
function reviewedOf(registry: Registry): object {
  const features = Object.values(registry.servers)
    .flatMap((server) => Object.values(server.capabilities))
    .map(({ definition_digest: digest = '' }) => [
      digest,
      {
        definition_digest: digest,
        definition_hidden_text: false,
        definition_remote_ref: false,
      },
    ])
  return Object.fromEntries(features) as object
}
