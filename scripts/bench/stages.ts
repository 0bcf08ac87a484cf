// Where our time goes: each step of a decision alone, over the real modules in this process, 32 at a
// time as they arrive. CPU of all threads, since signatures, policy and disk run beside the main one.

import { join } from 'node:path'
import { createKeySets } from '../../service/adapter/key-sets/key-sets.ts'
import { createAgentDocuments } from '../../service/adapter/agent-documents/agent-documents.ts'
import { createStatusLists } from '../../service/adapter/status-lists/status-lists.ts'
import { systemClock } from '../../service/adapter/clock/system-clock.ts'
import type { DevelopmentKeys } from '../../service/adapter/development/development-keys.ts'
import { development } from '../../service/adapter/development/development-tenant.ts'
import { openAuditLog } from '../../service/adapter/audit-log/open-audit-log.ts'
import type { TokenSigner } from '../../service/adapter/audit-log/token.ts'
import { parseQuery } from '../../service/contract/parse-query.ts'
import type { Query } from '../../service/contract/query.ts'
import { composeInput, type ComposedInput } from '../../service/decision/compose-input.ts'
import type { Facts, Pep } from '../../service/decision/facts.ts'
import { reachDecision } from '../../service/decision/reach-decision.ts'
import type { Verdict } from '../../service/decision/verdict.ts'
import { developmentConfig } from '../../service/development-config.ts'
import { answerOf, type RecordedDecision } from '../../service/flow/answer.ts'
import { draftDecision, requestKeyOf } from '../../service/flow/draft-decision.ts'
import { gatherFacts } from '../../service/flow/gather-facts.ts'
import { judge } from '../../service/flow/judge.ts'
import type { Tenant } from '../../service/flow/tenant.ts'
import { createVerifyToken } from '../../service/flow/verify-token.ts'
import { openTenant } from '../../service/open-tenant.ts'
import type { AuditLog, Draft } from '../../service/port/audit-log.ts'
import { httpCost } from './http-stage.ts'
import { connections } from './load.ts'
import type { Question } from './question.ts'
import { row } from './report.ts'

/** One decision, half made: what the steps before have found. */
type Passage = {
  readonly body: Uint8Array
  query: Query
  facts: Facts
  input: ComposedInput
  verdict: Verdict
  draft: Draft
  recorded: RecordedDecision
}

/** Microseconds for one decision: of CPU in all threads, and of time when nothing else runs. */
type Cost = { readonly cpu: number; readonly alone: number }

type Take = (passage: Passage) => unknown

/** `begin` is called before each pass over all passages. */
type Step = readonly [name: string, begin: () => Take]

const measuredMilliseconds = 700
const appendUnsigned = 'append and sync'
const appendSigned = 'append, sync and sign'

/** @param folder where `bundles` lies; the logs of this measurement go into it. */
export async function stagesTable(
  folder: string,
  keys: DevelopmentKeys,
  questions: readonly Question[],
  pepToken: string,
): Promise<string> {
  const config = developmentConfig(keys, {
    data: join(folder, 'stages'),
    port: 0,
    bundles: join(folder, 'bundles'),
  })
  const keySets = await createKeySets(config.tenants, {
    clock: systemClock,
    observe: () => undefined,
  })
  const [configured] = config.tenants
  if (configured === undefined) throw new Error('development mode has a tenant')
  const statusLists = createStatusLists(config.tenants, { keySets, clock: systemClock })
  const verify = (): ReturnType<typeof createVerifyToken> => createVerifyToken(keySets, statusLists)
  const silent = {
    observePolicy: () => undefined,
    observeShadow: () => undefined,
    expiryFailed: () => undefined,
    retentionFailed: () => undefined,
    observeWitness: () => undefined,
    observeDelivery: () => undefined,
    publishFailed: () => undefined,
    logTold: () => undefined,
    keysFailed: () => undefined,
  }
  const agentDocuments = createAgentDocuments(config.tenants, { keySets, clock: systemClock })
  const known = { keySets, agentDocuments, statusLists }
  const ports = { clock: systemClock, verify: verify(), ...known, ...silent }
  const { tenant, close } = await openTenant(configured, config, ports)
  const unsigned = await openAuditLog({
    directory: join(folder, 'stages', 'unsigned'),
    origin: tenant.audit.origin,
    algorithm: 'ES256',
    sign: unsignedToken,
  })
  try {
    const passages = questions.map(({ query }) => passageOf(query))
    const costs = new Map<string, Cost>()
    for (const [name, begin] of stepsOf(tenant, unsigned, verify)) {
      costs.set(name, await costOfStep(passages, begin))
    }
    costs.set("HTTP and the gateway's token", await httpCost(folder, tenant, questions, pepToken))
    return linesOf(costs)
  } finally {
    await unsigned.close()
    await close('measured')
    await keySets.close()
  }
}

/** What a signature costs is the difference it makes to an append. */
function linesOf(costs: ReadonlyMap<string, Cost>): string {
  const unsigned = costs.get(appendUnsigned)
  const rows = [...costs].map(([name, cost]) => {
    const isSigned = name === appendSigned && unsigned !== undefined
    const base = isSigned ? unsigned : { cpu: 0, alone: 0 }
    const cells = [cost.cpu - base.cpu, cost.alone - base.alone].map((value) => value.toFixed(1))
    return row(isSigned ? 'sign' : name, cells)
  })
  return `${[row('where our time goes', ['CPU us', 'us alone']), ...rows].join('\n')}\n`
}

function passageOf(query: Query): Passage {
  // Each step fills in its own member before a later one reads it.
  return { body: Buffer.from(JSON.stringify(query)), query } as unknown as Passage
}

function stepsOf(
  tenant: Tenant,
  unsigned: AuditLog,
  verify: () => Tenant['verify'],
): readonly Step[] {
  const engine = tenant.policy()
  const gather = async (passage: Passage, ports: Tenant): Promise<void> => {
    passage.facts = await gatherFacts(passage.query, pepOf(tenant), ports, engine, {})
  }
  const appendTo = async (log: AuditLog, passage: Passage): Promise<void> => {
    passage.recorded = (await log.append(passage.draft, null)) as RecordedDecision
  }
  const always = (take: Take) => () => take
  return [
    ['parse', always((p) => (p.query = parseQuery(p.body)))],
    [
      'verify, new tokens',
      () => {
        const forgetful = { ...tenant, verify: verify() }
        return (p) => gather(p, forgetful)
      },
    ],
    ['verify, known tokens', always((p) => gather(p, tenant))],
    ['compose', always((p) => (p.input = composeInput(p.query, p.facts)))],
    ['judge', always(async (p) => (p.verdict = await judge(p.input, p.facts, engine)))],
    ['decide and draft', always((p) => (p.draft = draftOf(p, tenant)))],
    [appendUnsigned, always((p) => appendTo(unsigned, p))],
    [appendSigned, always((p) => appendTo(tenant.audit, p))],
    ['answer as JSON', always((p) => JSON.stringify(answerOf(p.recorded)))],
  ]
}

function draftOf({ verdict, facts, input, query }: Passage, tenant: Tenant): Draft {
  const decision = reachDecision(verdict, facts, null)
  return draftDecision(
    decision,
    input,
    facts,
    requestKeyOf(query.request_id, facts),
    tenant.pseudonymKey,
  )
}

function pepOf(tenant: Tenant): Pep {
  return {
    tenant: tenant.tenant.id,
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
}

async function costOfStep(passages: readonly Passage[], begin: () => Take): Promise<Cost> {
  await takeAll(passages, begin())
  const began = performance.now()
  const cpu = process.cpuUsage()
  let taken = 0
  while (performance.now() - began < measuredMilliseconds) {
    await takeAll(passages, begin())
    taken += passages.length
  }
  const { user, system } = process.cpuUsage(cpu)
  return { cpu: (user + system) / taken, alone: ((performance.now() - began) * 1000) / taken }
}

async function takeAll(passages: readonly Passage[], take: Take): Promise<void> {
  for (let first = 0; first < passages.length; first += connections) {
    await Promise.all(passages.slice(first, first + connections).map(take))
  }
}

/** As long as an ES256 signature, and free. */
const unsignedToken: TokenSigner = (typ, payload) => {
  const encode = (text: string): string => Buffer.from(text).toString('base64url')
  return Promise.resolve(`${encode(typ)}.${encode(payload)}.${'A'.repeat(86)}`)
}
