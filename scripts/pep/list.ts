// `countersign pep list`: the gateways of the configuration, or of a running service, which also says when each was
// last seen and which is revoked.

import { pepStateOf } from '../../service/flow/pep-state.ts'
import type { PepList, PepState } from '../../service/contract/pep-state.ts'
import { atOptions, atUsage, instantAsked } from '../access/given-instant.ts'
import { gatewayOptions, givenGateways } from '../access/given-gateways.ts'
import { noPositional } from '../command/no-positional.ts'
import type { Call, Command } from '../command/command.ts'
import { askService, serviceOptions, serviceUsage } from '../command/running-service.ts'

export const list: Command = {
  name: 'list',
  summary: 'registered gateways: proof, scopes, owner, review, last seen',
  usage: `[options]

  --config <file>        of the service: asks no service, and knows nothing of when a gateway was seen
  --tenant <id>          whose gateways, when the file has several tenants
${atUsage}
${serviceUsage}

Exit code 0: no gateway is past its review date. 1: one is. 2: an argument or a file cannot be used. 3: nothing answers.`,
  options: { ...serviceOptions, ...gatewayOptions, ...atOptions },
  run: async (call) => {
    noPositional(call)
    const now = instantAsked(call)
    const peps = await known(call)
    const isLate = peps.some(({ review_by: until }) => until < now)
    return {
      exit: isLate ? 1 : 0,
      json: { at: now, peps: peps.map((pep) => ({ ...pep, due: pep.review_by < now })) },
      text: peps.map((pep) => lineOf(pep, now)).join('\n'),
    }
  },
}

type Known = Omit<PepState, 'last_seen' | 'revoked_by'> & Partial<PepState>

async function known(call: Call): Promise<readonly Known[]> {
  const configured = givenGateways(call)
  if (configured !== null) return configured.map(pepStateOf)
  return ((await askService(call, 'GET', '/v1/peps')) as PepList).peps
}

function lineOf(pep: Known, now: number): string {
  const { client_id: id, proof, scopes, owner, review_by: until, last_seen: seen } = pep
  const by = `${until < now ? 'review overdue since' : 'review by'} ${instantOf(until).slice(0, 10)}`
  const last =
    seen === undefined ? '' : seen === null ? ', not seen' : `, last seen ${instantOf(seen)}`
  const revoked = typeof pep.revoked_by === 'string' ? `, REVOKED by ${pep.revoked_by}` : ''
  return `${id}  ${proof}  ${scopes.join(' ')}  owner ${owner}, ${by}${last}${revoked}`
}

function instantOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')
}
