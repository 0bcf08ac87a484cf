// Where our time goes: each step of a decision alone, over the real modules in this process, 32 at a
// time as they arrive. CPU of all threads, since signatures, policy and disk run beside the main one.

import { join } from 'node:path'
import { createKeySets } from '../../service/adapter/key-sets/key-sets.ts'
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
import { draftDecision, preconditionsOf } from '../../service/flow/draft-decision.ts'
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

type Take = (passage: Passage) => unknown

/** `begin` is called before each pass over all passages. */
type Step = readonly [name: string, begin: () => Take]

const measuredMilliseconds = 700

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
  const verify = (): ReturnType<typeof createVerifyToken> => createVerifyToken(keySets)
  const ports = { clock: systemClock, verify: verify(), keySets }
  const { tenant, close } = await openTenant(configured, config, ports)
  const unsigned = await openAuditLog({
    directory: join(folder, 'stages', 'unsigned'),
    origin: tenant.audit.origin,
    algorithm: 'ES256',
    sign: unsignedToken,
  })
  try {
    const passages = questions.map(({ query }) => passageOf(query))
    const lines = [row('where our time goes', ['CPU us', 'us alone'])]
    for (const [name, begin] of stepsOf(tenant, unsigned, verify)) {
      const { cpu, alone } = await costOfStep(passages, begin)
      lines.push(row(name, [cpu.toFixed(1), alone.toFixed(1)]))
    }
    const { cpu, alone } = await httpCost(folder, tenant, questions, pepToken)
    lines.push(row("HTTP and the gateway's token", [cpu.toFixed(1), alone.toFixed(1)]))
    return `${lines.join('\n')}\n`
  } finally {
    await unsigned.close()
    await close('measured')
    await keySets.close()
  }
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
    ['append and sync, unsigned', always((p) => appendTo(unsigned, p))],
    ['append and sync, signed', always((p) => appendTo(tenant.audit, p))],
    ['answer as JSON', always((p) => JSON.stringify(answerOf(p.recorded)))],
  ]
}

function draftOf({ verdict, facts, input, query }: Passage, tenant: Tenant): Draft {
  const preconditions = preconditionsOf(query.request_id, input, facts)
  const decision = reachDecision(verdict, facts)
  return draftDecision(decision, input, facts, preconditions, tenant.pseudonymKey)
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
  }
}

/** Microseconds for one decision: of CPU, and of time with 32 under way. */
async function costOfStep(
  passages: readonly Passage[],
  begin: () => Take,
): Promise<{ readonly cpu: number; readonly alone: number }> {
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
