/** The engine over the bundles of the repository, and the policy input of a banner query, as the service makes it. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createKeySets } from '../../service/adapter/key-sets/key-sets.ts'
import { readBundleKeys } from '../../service/adapter/bundle-reader/bundle-keys.ts'
import { readBundleDirectory } from '../../service/adapter/bundle-reader/read-directory.ts'
import { systemClock } from '../../service/adapter/clock/system-clock.ts'
import { loadDevelopmentKeys } from '../../service/adapter/development/development-keys.ts'
import {
  development,
  developmentTenant,
} from '../../service/adapter/development/development-tenant.ts'
import { exampleQueries } from '../../service/adapter/development/example-queries.ts'
import { startPolicyEngine } from '../../service/adapter/policy-engine/start-policy-engine.ts'
import { policyLimits } from '../../service/config.ts'
import type { PolicyInput } from '../../service/contract/policy-input.ts'
import type { PolicyResult } from '../../service/contract/policy-result.ts'
import type { Query } from '../../service/contract/query.ts'
import { composeInput } from '../../service/decision/compose-input.ts'
import type { Pep } from '../../service/decision/facts.ts'
import { gatherFacts } from '../../service/flow/gather-facts.ts'
import { createVerifyToken } from '../../service/flow/verify-token.ts'
import { MemoryLog } from '../../service/adapter/memory-log/memory-log.ts'
import type { PolicyEngine } from '../../service/port/policy-engine.ts'

export type Judged = {
  readonly engine: PolicyEngine
  /** The policy input of a query, composed by the service's own rooms. */
  readonly inputOf: (query: Query) => Promise<PolicyInput>
  readonly queries: Readonly<Record<'permit' | 'deny' | 'hold', Query>>
  /** What the default policy says of an input. */
  readonly judge: (input: unknown) => Promise<PolicyResult>
  readonly close: () => Promise<void>
}

const pep: Pep = {
  tenant: development.tenant,
  id: development.pep,
  issuer: development.identityIssuer,
  project: 'playground',
  environment: 'development',
  servers: [],
  scopes: ['pdp.evaluate'],
  grade: 'bearer',
  workload: null,
  peer: null,
  proofs: [],
  owner: development.owner,
  reviewBy: development.reviewBy,
}

export async function startJudging(): Promise<Judged> {
  const keys = await loadDevelopmentKeys(mkdtempSync(join(tmpdir(), 'countersign-keys-')))
  const bundles = join(import.meta.dirname, '../../bundles')
  const tenant = developmentTenant(keys, bundles)
  const trusted = readBundleKeys(tenant.bundles.keys, 'development')
  const activation = await readBundleDirectory(bundles, trusted)
  const engine = await startPolicyEngine(activation, policyLimits(undefined))
  const keySets = await createKeySets([tenant], { clock: systemClock })
  const verify = createVerifyToken(keySets)
  const audience = development.audience
  const ports = {
    tenant: {
      id: tenant.id,
      audience,
      initiatorIssuers: [development.identityIssuer],
      agentDocument: () => null,
      platformDemands: () => null,
    },
    ...{
      clock: systemClock,
      verify,
      keySets,
      policy: () => engine,
      isStale: () => false,
      lacksWitnesses: () => false,
    },
    audit: new MemoryLog('test'),
    pseudonymKey: new Uint8Array(32),
  }
  const examples = await exampleQueries(keys)
  const of = (effect: string): Query =>
    examples.find((example) => example.effect === effect)?.query ?? failNoExample()
  return {
    engine,
    queries: { permit: of('permit'), deny: of('deny'), hold: of('hold') },
    inputOf: async (query) => {
      const facts = await gatherFacts(query, pep, ports, engine, {})
      if (facts.gaps.length > 0) throw new Error(JSON.stringify(facts.gaps))
      return composeInput(query, facts).value
    },
    judge: async (input) => {
      const evaluation = await engine.evaluate(JSON.stringify(input))
      if (!evaluation.ok) throw new Error(evaluation.fault)
      return JSON.parse(evaluation.result) as PolicyResult
    },
    close: async () => {
      await engine.close()
      await keySets.close()
    },
  }
}

function failNoExample(): never {
  throw new Error('the banner has no such example')
}
