// `countersign access who-can`: who may use a capability, and for which purpose.

import type { Registry } from '../../service/contract/registry.ts'
import { capabilityOf, indexOf } from '../../service/decision/registry-index.ts'
import type { GrantClaims } from '../../service/purpose/grant.ts'
import { type Command, usage } from '../command/command.ts'
import { onlyPositional } from '../policy/arguments.ts'
import { partyText } from './access-text.ts'
import { asking, askingExits, askingOptions, askingUsage } from './asking.ts'
import type { Asked } from './best-query.ts'
import { anyoneFor, namedIn, type Party, waysOf } from './party.ts'

export const whoCan: Command = {
  name: 'who-can',
  summary: 'who may use a capability, for which purpose, and what stands in the way of others',
  usage: `<capability> [options]

  <capability>           <server>/<key>, as a purpose grant names it: ops/tool:deploy
${askingUsage}

Exit code 0: somebody may, or is held for approval. 1: nobody. ${askingExits}`,
  options: askingOptions,
  run: async (call) => {
    const name = onlyPositional(call, 'a capability: <server>/<key>')
    return asking(
      call,
      (registry, grants) => {
        const asked = capabilityNamed(registry, name)
        return whoMay(asked, registry, grants)
      },
      {
        heading: ({ asked }) => `${asked.server}/${asked.key}`,
        subject: ({ party }) => partyText(party),
      },
    )
  },
}

/** Whoever is named anywhere, in every way, and anyone whose token has what is asked for. */
export function whoMay(
  asked: Asked,
  registry: Registry,
  grants: readonly GrantClaims[],
): readonly { readonly party: Party; readonly asked: Asked }[] {
  const parties = [
    ...namedIn(registry, grants).flatMap((somebody) => waysOf(somebody, registry)),
    ...anyoneFor(asked.capability, registry),
  ]
  return parties.map((party) => ({ party, asked }))
}

/** A resource may lie under a registered prefix. @throws PdpError `usage` that names what is like it. */
function capabilityNamed(registry: Registry, name: string): Asked {
  const index = indexOf(registry)
  for (const server of Object.keys(registry.servers)) {
    if (!name.startsWith(`${server}/`)) continue
    const key = name.slice(server.length + 1)
    const found = capabilityOf(index, server, key)
    if (found !== null) return { server, key, capability: found.capability }
  }
  const like = alike(registry, name)
  throw usage(
    `${name} is no registered capability: name one as <server>/<key>${like.length === 0 ? ', such as ops/tool:deploy' : `: ${like.join(', ')}`}.`,
  )
}

const mostAlike = 5

function alike({ servers }: Registry, name: string): readonly string[] {
  const last = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf(':')) + 1)
  return Object.entries(servers)
    .flatMap(([server, { capabilities }]) =>
      Object.keys(capabilities).map((key) => `${server}/${key}`),
    )
    .filter((one) => last !== '' && one.includes(last))
    .slice(0, mostAlike)
}
