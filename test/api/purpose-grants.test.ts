/** Purpose grants over real HTTP: issued by decision, narrowed, counted, revoked, and the same after a restart. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import type { DecisionAnswer } from '../../service/contract/decision.ts'
import type { GrantAnswer, GrantRequest, GrantView } from '../../service/contract/grant-request.ts'
import type { Query } from '../../service/contract/query.ts'
import { development } from '../../service/adapter/development/development-tenant.ts'
import { mintPepToken } from '../../service/adapter/development/mint.ts'
import { answer, approverToken } from '../support/approver.ts'
import {
  queriesByEffect,
  startDevelopmentService,
  type DevelopmentService,
} from '../support/development-service.ts'
import { grantRequest } from '../support/grant-request.ts'
import { registryCopy, releasedBundles } from '../support/released-bundles.ts'

const until = 4_102_444_800
const standing = {
  ...{ owner: 'platform-team', review_by: until, capabilities: ['ops/tool:status'] },
  data: { ...grantRequest.data },
}

/** Two standing grants, of two purposes, for the project of the gateway. */
function bundles(): string {
  const registry = registryCopy()
  registry.standing_grants = {
    watch: { ...standing, purpose: { code: 'incident.restore' }, projects: ['playground'] },
    weekly: { ...standing, purpose: { code: 'report.weekly' }, groups: ['sre'] },
    nobody: { ...standing, purpose: { code: 'report.weekly' }, agents: ['another'] },
  }
  return releasedBundles(registry).directory
}

let service: DevelopmentService
let status: Query

beforeAll(async () => {
  service = await startDevelopmentService({ bundles: bundles() })
  status = (await queriesByEffect(service.keys)).permit
})
afterAll(async () => {
  await service.stop()
})

async function issue(change: Partial<GrantRequest> = {}): Promise<GrantAnswer> {
  const reply = await service.post('/v1/purpose-grants', { ...grantRequest, ...change })
  expect([reply.status, reply.body['code']]).toEqual([200, undefined])
  return reply.body as GrantAnswer
}

async function issued(change: Partial<GrantRequest> = {}): Promise<GrantView & { token: string }> {
  const { decision, grant, token } = await issue(change)
  if (grant === null || token === null) throw new Error(JSON.stringify(decision.reasons))
  return { ...grant, token }
}

const asking = (grant: string, change: Partial<Query> = {}): Promise<DecisionAnswer> =>
  service.ask({ ...status, purpose: { code: 'incident.restore', grant }, ...change })
const outcome = ({ effect, reasons }: DecisionAnswer): readonly unknown[] => [
  effect,
  ...reasons.map(({ code }) => code),
]
const revoke = (id: string) => service.post(`/v1/purpose-grants/${id}/revoke`, { reason: 'over' })

describe('a purpose grant', () => {
  it('is issued by decision, and is what queries are permitted by', async () => {
    const { token, ...grant } = await issued()
    expect(decodeProtectedHeader(token)).toMatchObject({ typ: 'purpose-grant+jwt', alg: 'ES256' })
    const { keys } = (await service.get('/.well-known/jwks.json')).body as {
      keys: { kid: string }[]
    }
    expect(keys.map(({ kid }) => kid)).toContain(decodeProtectedHeader(token).kid)
    expect(decodeJwt(token)).toMatchObject({
      ...{ jti: grant.id, aud: development.audience, purpose: grantRequest.purpose },
      ...{ initiator: grantRequest.initiator, capabilities: grantRequest.capabilities },
    })
    const permit = await asking(token)
    expect(outcome(permit)).toEqual(['permit'])
    const { body } = await service.get(`/v1/decisions/${permit.decision_id}`)
    expect(body['leaf']).toMatchObject({ purpose: { grant_id: grant.id } })
    const { body: decision } = await service.get(`/v1/decisions/${grant.decision_id}`)
    expect(decision['leaf']).toMatchObject({
      ...{ effect: 'permit', capability: { kind: 'grant', key: null } },
      authority: { rules: ['issue.allowed'] },
    })
    expect((await service.get(`/v1/purpose-grants/${grant.id}`)).body).toEqual(grant)
  })

  it('is asked for again by the same id, and is the same', async () => {
    const one = await issued({ request_id: 'once' })
    const again = await issued({ request_id: 'once' })
    expect([again.id, decodeJwt(again.token)]).toEqual([one.id, decodeJwt(one.token)])
    expect(outcome(await asking(again.token))).toEqual(['permit'])
  })

  it.each<[string, Partial<GrantRequest>, readonly string[]]>([
    ['of a purpose that it may not', { purpose: { code: 'report.weekly' } }, ['issue.not_issuer']],
    [
      'of a purpose that there is not',
      { purpose: { code: 'x' } },
      ['issue.not_issuer', 'issue.purpose_unknown'],
    ],
    ['of another server', { capabilities: ['legacy/*'] }, ['issue.outside']],
    ['for too long', { seconds: 14_401 }, ['issue.outside']],
    [
      'of data that the rule has not',
      { data: { ...grantRequest.data, classifications: ['confidential'] } },
      ['issue.outside'],
    ],
  ])('is refused %s, and that is in the log', async (_what, change, codes) => {
    const { decision, grant, token } = await issue(change)
    expect([decision.effect, grant, token]).toEqual(['deny', null, null])
    expect(decision.reasons.map(({ code }) => code).sort()).toEqual([...codes])
    const { body } = await service.get(`/v1/decisions/${decision.decision_id}`)
    expect(body['leaf']).toMatchObject({ effect: 'deny', capability: { kind: 'grant' } })
  })

  it('is not asked for by a decision, nor without the scope', async () => {
    const asked = { ...status, capability: { kind: 'grant', name: 'incident.restore' } }
    expect((await service.post('/v1/decisions', asked)).body['code']).toBe('invalid_request')
    const asking = { authorization: `Bearer ${await mintPepToken(service.keys)}` }
    for (const path of ['/v1/purpose-grants', '/v1/purpose-grants/pg_1/revoke'])
      expect((await service.post(path, {}, asking)).body['code']).toBe('scope_missing')
    expect((await service.post('/v1/purpose-grants', { ...grantRequest, more: 1 })).status).toBe(
      400,
    )
  })

  it('binds its initiator, its agent and what it lists', async () => {
    const bob = { iss: development.identityIssuer, sub: 'bob' }
    const forBob = await issued({ initiator: bob })
    expect(outcome(await asking(forBob.token))).toEqual(['deny', 'purpose.initiator_mismatch'])
    const forAnother = await issued({ agent: 'https://agent.other.test' })
    expect(outcome(await asking(forAnother.token))).toEqual(['deny', 'purpose.agent_mismatch'])
    const other = await issued({ capabilities: ['ops/tool:deploy'] })
    expect(outcome(await asking(other.token))).toEqual(['deny', 'purpose.capability_outside'])
  })

  it('does not count when it was changed, or is of another log', async () => {
    const { token } = await issued()
    const [header = '', payload = '', signature = ''] = token.split('.')
    const wider = { ...decodeJwt(token), capabilities: ['ops/*'] }
    const forged = Buffer.from(JSON.stringify(wider)).toString('base64url')
    const changed = `${header}.${forged}.${signature}`
    expect(outcome(await asking(changed))).toEqual(['deny', 'grant.bad_signature'])
    const broken = `${header}.${payload}.${signature.slice(0, -4)}AAAA`
    expect(outcome(await asking(broken))).toEqual(['deny', 'grant.bad_signature'])
    const elsewhere = await startDevelopmentService()
    try {
      const { body } = await elsewhere.post('/v1/purpose-grants', grantRequest)
      const { token: foreign } = body as GrantAnswer
      expect(outcome(await asking(foreign ?? ''))).toEqual(['deny', 'grant.key_not_found'])
    } finally {
      await elsewhere.stop()
    }
  })
})

describe('a grant that is narrowed from another', () => {
  it('lies inside it, or is refused', async () => {
    const parent = await issued()
    const child = await issued({
      parent: parent.token,
      capabilities: ['ops/tool:status'],
      seconds: 60,
    })
    expect([child.parent, decodeJwt(child.token)['parent']]).toEqual([parent.id, parent.id])
    expect(outcome(await asking(child.token))).toEqual(['permit'])
    const { decision } = await issue({ parent: child.token, seconds: 30 })
    expect(outcome(decision)).toEqual(['deny', 'purpose.wider_than_parent'])
    expect(decision.reasons[0]?.params).toEqual({ wider: ['capabilities'] })
  })

  it('is not narrowed without end', async () => {
    let last = await issued({ seconds: 3600 })
    const next = (i: number) => issue({ parent: last.token, seconds: 3600 - i * 60 })
    for (let i = 1; i < 8; i += 1) {
      const { grant, token } = await next(i)
      if (grant === null || token === null) throw new Error('it was not issued')
      last = { ...grant, token }
    }
    expect(outcome((await next(8)).decision)).toEqual(['deny', 'purpose.chain_too_long'])
  })

  it('ends with it, and what was known of it before does not help', async () => {
    const parent = await issued()
    const child = await issued({ parent: parent.token, seconds: 60 })
    const other = await issued()
    const query = { request_id: `kept-${parent.id}` }
    expect(outcome(await asking(child.token, query))).toEqual(['permit'])
    expect((await revoke(parent.id)).body).toMatchObject({
      status: 'revoked',
      revoked: { reason: 'over' },
    })
    expect(outcome(await asking(parent.token))).toEqual(['deny', 'grant.revoked'])
    expect(outcome(await asking(child.token))).toEqual(['deny', 'grant.revoked'])
    expect((await service.get(`/v1/purpose-grants/${child.id}`)).body).toMatchObject({
      status: 'revoked',
      revoked: { grant_id: parent.id },
    })
    expect(outcome(await asking(other.token))).toEqual(['permit'])
    expect((await revoke(parent.id)).body['code']).toBe('grant_over')
    expect((await revoke('pg_none')).body['code']).toBe('not_found')
    const { decision } = await issue({ parent: parent.token, seconds: 30 })
    expect(outcome(decision)).toEqual(['deny', 'grant.revoked'])
  })
})

describe('a budget', () => {
  it('is used up once, whoever asks at once, and with what was narrowed from it', async () => {
    const parent = await issued({ budgets: { calls: 3 } })
    const child = await issued({ parent: parent.token, budgets: { calls: 2 }, seconds: 60 })
    expect(outcome(await asking(child.token))).toEqual(['permit'])
    const tokens = Array.from({ length: 8 }, () => parent.token)
    const effects = (await Promise.all(tokens.map((one) => asking(one)))).map(outcome)
    expect(effects.filter(([effect]) => effect === 'permit')).toHaveLength(2)
    const refused = new Set(effects.flatMap(([, ...codes]) => codes))
    expect([...refused].filter((code) => code !== 'purpose.budget_spent')).toEqual(
      [...refused].filter((code) => code === 'purpose.spent_meanwhile'),
    )
    expect(outcome(await asking(child.token))).toEqual(['deny', 'purpose.budget_spent'])
    expect((await service.get(`/v1/purpose-grants/${child.id}`)).body).toMatchObject({
      left: { calls: 0, model_calls: null },
    })
  })
})

describe('a person', () => {
  const weekly: Partial<GrantRequest> = {
    purpose: { code: 'report.weekly' },
    capabilities: ['ops/tool:status'],
    data: { ...grantRequest.data, directions: ['internal'], resources: ['report:'] },
  }
  const tokenOf = async (sub: string) => ({
    access_token: await approverToken(service, sub, { groups: ['staff'] }),
  })

  it('has her own grant issued once people have approved that very grant', async () => {
    const asked = { ...weekly, issuer: await tokenOf('alice') }
    const { decision, token } = await issue(asked)
    expect([...outcome(decision), token]).toEqual(['hold', 'issue.approval_required', null])
    const { body } = await answer(service, decision.hold?.id ?? '', 'rita')
    expect(body['approval']).toMatchObject({ status: 'approved' })
    const other = { ...asked, seconds: 60 }
    expect(outcome((await issue(other)).decision)).toEqual(['hold', 'issue.approval_required'])
    const { grant } = await issue(asked)
    expect(grant).toMatchObject({ status: 'active', by: { person: grant?.subject } })
    expect(outcome((await issue(asked)).decision)).toEqual(['hold', 'issue.approval_required'])
  })

  it('has none issued to others, nor by a token that is not for us', async () => {
    const { decision } = await issue({ ...weekly, issuer: await tokenOf('bob') })
    expect(outcome(decision)).toEqual(['deny', 'issue.not_issuer'])
    const issuer = { access_token: status.initiator?.access_token ?? '' }
    expect(outcome((await issue({ ...weekly, issuer })).decision)).toEqual([
      'deny',
      'initiator.audience',
    ])
  })
})

describe('a client that sends no grant', () => {
  it('has the standing one that fits; of several it says which', async () => {
    const { purpose: _purpose, ...bare } = status
    expect(outcome(await service.ask(bare))).toEqual(['deny', 'purpose.standing_many'])
    const one = await service.ask({ ...bare, purpose: { code: 'incident.restore', ref: 'INC-9' } })
    expect(outcome(one)).toEqual(['permit'])
    const { body } = await service.get(`/v1/decisions/${one.decision_id}`)
    expect(body['leaf']).toMatchObject({
      purpose: { code: 'incident.restore', grant_id: 'watch' },
    })
    const none = await service.ask({ ...bare, purpose: { code: 'support.answer' } })
    expect(outcome(none)).toContain('purpose.unissued')
  })
})

describe('the list', () => {
  it('is by purpose and status, the last issued first, after a restart too', async () => {
    const gone = await issued({ budgets: { calls: 5 } })
    await revoke(gone.id)
    const kept = await issued({ budgets: { calls: 2 } })
    expect(outcome(await asking(kept.token))).toEqual(['permit'])
    const listed = async (): Promise<readonly unknown[]> => {
      const { body } = await service.get('/v1/purpose-grants?purpose=incident.restore')
      return (body['grants'] as GrantView[])
        .slice(0, 2)
        .map((grant) => [grant.id, grant.status, grant.left])
    }
    const before = await listed()
    expect(before).toEqual([
      [kept.id, 'active', { calls: 1, model_calls: null }],
      [gone.id, 'revoked', { calls: 5, model_calls: null }],
    ])
    service = await service.restart()
    expect(await listed()).toEqual(before)
    expect(outcome(await asking(gone.token))).toEqual(['deny', 'grant.revoked'])
    expect(outcome(await asking(kept.token))).toEqual(['permit'])
    expect(outcome(await asking(kept.token))).toEqual(['deny', 'purpose.budget_spent'])
    const { body } = await service.get(`/v1/purpose-grants?status=active&after=${kept.id}`)
    expect((body['grants'] as GrantView[]).map(({ id }) => id)).not.toContain(kept.id)
    for (const query of ['status=open', 'after=x', 'what=x'])
      expect((await service.get(`/v1/purpose-grants?${query}`)).status).toBe(400)
  })
})
