// The entries that nothing used: of the registry, of the configuration, and of the grants that are at hand.

import type { PepRegistration } from '../../service/contract/pep-registration.ts'
import type { Registry } from '../../service/contract/registry.ts'
import type { GrantClaims } from '../../service/purpose/grant.ts'
import type { UsageTally, UsedEntry } from './usage-tally.ts'

export interface UnusedEntry {
  readonly entry: UsedEntry
  readonly name: string
  /** Who answers for it; of a grant, whoever issued it. */
  readonly owner: string
  /** How often it was asked for, and denied. */
  readonly denied: number
}

type Known = Omit<UnusedEntry, 'denied'> & { readonly names: readonly string[] }

export function unusedEntries(
  registry: Registry,
  peps: readonly PepRegistration[],
  grants: readonly GrantClaims[],
  tally: UsageTally,
): readonly UnusedEntry[] {
  const known = [...ofRegistry(registry), ...peps.map(gateway), ...grants.map(ofGrant)]
  return known.flatMap(({ entry, name, owner, names }) => {
    const { used, denied } = tally.of(entry, ...names)
    return used > 0 || !tally.isKnown(entry) ? [] : [{ entry, name, owner, denied }]
  })
}

function ofRegistry({
  servers,
  purposes,
  agents,
  exceptions,
  observe = [],
}: Registry): readonly Known[] {
  return [
    ...Object.entries(servers).flatMap(([id, { owner, capabilities }]): Known[] => [
      { entry: 'server', name: id, owner, names: [id] },
      ...Object.keys(capabilities).map((key): Known => ({
        ...{ entry: 'capability', name: `${id}/${key}`, owner, names: [id, key] },
      })),
    ]),
    ...Object.entries(purposes).map(([code, { owner }]): Known => ({
      ...{ entry: 'purpose', name: code, owner, names: [code] },
    })),
    ...Object.entries(agents).map(([id, { owner, iss }]): Known => ({
      ...{ entry: 'agent', name: id, owner, names: [iss, id] },
    })),
    ...exceptions.map(({ id, owner }) => named('exception', id, owner)),
    ...observe.map(({ id, owner }) => named('observation', id, owner)),
  ]
}

function gateway({ client_id: id, owner }: PepRegistration): Known {
  return named('pep', id, owner)
}

function ofGrant({ facts: { grant_id: id, iss } }: GrantClaims): Known {
  return named('grant', id, iss)
}

function named(entry: UsedEntry, name: string, owner: string): Known {
  return { entry, name, owner, names: [name] }
}
