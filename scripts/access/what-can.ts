// `countersign access what-can`: what somebody may use, and for which purpose.

import type { Registry } from '../../service/contract/registry.ts'
import { type Call, type Command, usage } from '../command/command.ts'
import { onlyPositional, optionalText, texts } from '../policy/arguments.ts'
import { partyText } from './access-text.ts'
import { asking, askingExits, askingOptions, askingUsage } from './asking.ts'
import type { Asked } from './best-query.ts'
import { issuersOf, namedIn, type Party, type Somebody, waysOf } from './party.ts'

export const whatCan: Command = {
  name: 'what-can',
  summary: 'what somebody may use, for which purpose, and what stands in the way of the rest',
  usage: `<initiator> [options]

  <initiator>            the subject of a person or a workload, or the client id of an agent
  --issuer <iss>         that vouches for it, when the registry does not say
  --group <name>         that its token carries; repeat it for several
  --server <id>          at this server only; repeat it for several
${askingUsage}

Exit code 0: something is permitted, or held for approval. 1: nothing is. ${askingExits}`,
  options: {
    ...askingOptions,
    issuer: { type: 'string' },
    group: { type: 'string', multiple: true },
    server: { type: 'string', multiple: true },
  },
  run: async (call) => {
    const subject = onlyPositional(call, 'an initiator: a subject or a client id')
    return asking(
      call,
      (registry, grants) => {
        const known = namedIn(registry, grants).filter(({ sub }) => sub === subject)
        const somebody = somebodyNamed(known, registry, subject, call)
        return whatMay(somebody, registry, texts(call, 'server'))
      },
      {
        heading: ({ party }) => partyText(party),
        subject: ({ asked }) => `${asked.server}/${asked.key}`,
      },
    )
  },
}

/** In every way, everything. @param servers only these; empty for all */
export function whatMay(
  somebody: Somebody,
  registry: Registry,
  servers: readonly string[],
): readonly { readonly party: Party; readonly asked: Asked }[] {
  const parties = waysOf(somebody, registry)
  return capabilitiesAt(registry, servers).flatMap((asked) =>
    parties.map((party) => ({ party, asked })),
  )
}

/** Its issuer is the one that the registry knows it from, or the only one that there is. */
function somebodyNamed(
  known: readonly Somebody[],
  registry: Registry,
  sub: string,
  call: Call,
): Somebody {
  const given = optionalText(call, 'issuer')
  const groups = [...new Set(texts(call, 'group'))].sort()
  if (given !== undefined) return { iss: given, sub, groups }
  if (known.length === 0 && groups.length === 0) {
    throw usage(
      `${sub} is in no group of the registry and is no agent: add --group <name> for each group that its token carries, or --issuer <iss> for one with none.`,
    )
  }
  const issuers = known.length > 0 ? known.map(({ iss }) => iss) : issuersOf(registry)
  const [iss, ...others] = issuers
  if (iss !== undefined && others.length === 0) return { iss, sub, groups }
  throw usage(
    `${sub} may be of ${issuers.join(' or of ') || 'any issuer'}: name its issuer with --issuer.`,
  )
}

function capabilitiesAt({ servers }: Registry, named: readonly string[]): readonly Asked[] {
  const stranger = named.find((id) => !Object.hasOwn(servers, id))
  if (stranger !== undefined) {
    throw usage(
      `--server ${stranger}: the registry has ${Object.keys(servers).join(', ') || 'no server'}.`,
    )
  }
  return Object.entries(servers)
    .filter(([server]) => named.length === 0 || named.includes(server))
    .flatMap(([server, { capabilities }]) =>
      Object.entries(capabilities).map(([key, capability]) => ({ server, key, capability })),
    )
}
