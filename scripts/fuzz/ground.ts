// Where the fuzzer plays: the stage of the attacks, with a registry in which each kind of proof leads to a permit.

import type { Logger } from 'winston'
import type { Registry } from '../../service/contract/registry.ts'
import { names } from '../../test/support/party.ts'
import { registryCopy, releasedBundles } from '../../test/support/released-bundles.ts'
import { startStage, type Stage } from '../../test/support/stage.ts'
import { job } from './kinds.ts'

export async function startGround(log: Logger): Promise<Stage> {
  return await startStage({ bundles: releasedBundles(registry()).directory, log })
}

function registry(): Registry {
  const all = registryCopy()
  const { ops } = all.servers
  if (ops === undefined) throw new Error('there is no server ops')
  all.servers['pipelines'] = {
    ...ops,
    resource: names.resource,
    workload: {
      platform: { issuer: names.platform, claims: { repository_owner_id: '12', sub: job } },
    },
  }
  for (const { capabilities } of Object.values(all.servers))
    for (const capability of Object.values(capabilities))
      capability.shadows_reviewed = ['ops', 'pipelines']
  for (const agent of Object.values(all.agents)) agent.servers.push('pipelines')
  all.groups['sre'] = [
    ...(all.groups['sre'] ?? []),
    { iss: names.platform, sub: job },
    { iss: 'spiffe://dev.countersign.test', sub: names.spiffeId },
  ]
  return all
}
