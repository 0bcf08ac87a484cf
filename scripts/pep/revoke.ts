// `countersign pep revoke`: a gateway is authenticated by no route any more, from its next request on.

import type { Stop } from '../../service/contract/stop.ts'
import type { PepList } from '../../service/contract/pep-state.ts'
import { type Call, type Command, usage } from '../command/command.ts'
import { askService, serviceOptions, serviceUsage } from '../command/running-service.ts'
import { onlyPositional, text } from '../policy/arguments.ts'

export const revoke: Command = {
  name: 'revoke',
  summary: 'end the authentication of a gateway, from its next request on',
  usage: `<client-id> --reason <text> [options]

  --reason <text>        why; it stands in the log
${serviceUsage}

It is a stop: an entry of the log, in force through a restart, lifted with countersign stop lift <id>.

Exit code 0: it is revoked. 2: an argument cannot be used, or the service refuses. 3: nothing answers.`,
  options: { ...serviceOptions, reason: { type: 'string' } },
  run: async (call) => {
    const id = onlyPositional(call, 'the client_id of the gateway')
    const reason = text(call, 'reason', 'why, for the log')
    await refuseUnknown(call, id)
    const scope = { kind: 'pep', client_id: id }
    const stop = (await askService(call, 'POST', '/v1/stops', { scope, reason })) as Stop
    const lasting = `take the entry "${id}" out of "peps" in the configuration, and restart`
    return {
      exit: 0,
      json: { ...stop, lasting },
      text: `revoked: ${id}, by stop ${stop.id}\nTo make it lasting: ${lasting}.`,
    }
  },
}

/** A stop of a misspelt name would stop nobody. @throws PdpError `usage`. */
async function refuseUnknown(call: Call, id: string): Promise<void> {
  const { peps } = (await askService(call, 'GET', '/v1/peps')) as PepList
  if (peps.some((pep) => pep.client_id === id)) return
  const known = peps.map((pep) => pep.client_id).join(', ')
  throw usage(`There is no gateway ${id}: the service has ${known}.`)
}
