/** What a vote is proved by, and whose it may be: keys bound to the very vote, workloads that are asked, authors, comments. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { ApprovalView, VoteRequest } from '../../service/contract/approval.ts'
import type { Query } from '../../service/contract/query.ts'
import type { Registry } from '../../service/contract/registry.ts'
import { development } from '../../service/adapter/development/development-tenant.ts'
import { mintJwtSvid, mintWit } from '../../service/adapter/development/mint.ts'
import { writeDataBundle } from '../../service/bundle/write-bundle.ts'
import { voteDigestOf } from '../../service/flow/prove-voter.ts'
import { requestDigestClaim } from '../../service/identity/wpt.ts'
import { developmentSigner } from '../../scripts/bundles/development-signer.ts'
import { answer, approverToken } from '../support/approver.ts'
import {
  queriesByEffect,
  startDevelopmentService,
  type DevelopmentService,
} from '../support/development-service.ts'
import { registryCopy, releasedBundles } from '../support/released-bundles.ts'
import { createHolder, type Holder } from '../support/workload.ts'

const changeSystem = 'spiffe://dev.countersign.test/change-system'
const account = (sub: string) => ({ iss: development.identityIssuer, sub })

/** A deployment waits for a person whose key is proved, and for the system of changes. */
function registry(): Registry {
  const copy = registryCopy()
  const deploy = copy.servers['ops']?.capabilities['tool:deploy']
  if (deploy === undefined) throw new Error('the development registry has no deploy')
  deploy.approval = { group: 'release-managers', quorum: 1, workloads: ['change-system'] }
  copy.parameters.approval_assurance = [{ facet: 'irreversible', assurance: 'key_bound' }]
  const accountable = { owner: 'platform-team', review_by: 4_102_444_800 }
  copy.workload_voters = {
    'change-system': { spiffe_id: changeSystem, ...accountable },
    ops: { spiffe_id: 'spiffe://dev.countersign.test/mcp/ops', ...accountable },
  }
  return copy
}

let service: DevelopmentService
let person: Holder
let system: Holder
let held: Query
let replicas = 0

beforeAll(async () => {
  const release = releasedBundles()
  const metadata = { authors: [account('ruth')] }
  const content = { roots: ['registry'], sequence: 11, metadata }
  release.replace(writeDataBundle({ registry: registry() }, content, developmentSigner()))
  service = await startDevelopmentService({ bundles: release.directory })
  const now = () => Math.floor(Date.now() / 1000)
  person = await createHolder(now)
  system = await createHolder(now)
  held = (await queriesByEffect(service.keys)).hold
})
afterAll(async () => {
  await service.stop()
})
beforeEach(() => {
  replicas += 1
  held = { ...held, capability: { ...held.capability, arguments: { env: 'prod', replicas } } }
})

type Ballot = Omit<VoteRequest, 'voter'>
type Voted = readonly [code: unknown, detail?: unknown]

async function asked(): Promise<{ id: string; ballot: Ballot }> {
  const id = (await service.ask(held)).hold?.id ?? ''
  const { shown_digest } = await viewOf(id)
  return { id, ballot: { verdict: 'approve', shown_digest } }
}

const viewOf = async (id: string): Promise<ApprovalView> =>
  (await service.get(`/v1/approvals/${id}`)).body['approval'] as ApprovalView

async function send(id: string, ballot: Ballot, voter: VoteRequest['voter']): Promise<Voted> {
  const { status, body } = await service.post(`/v1/approvals/${id}/votes`, { ...ballot, voter })
  return status === 200 ? ['taken'] : [body['code'], body['detail']]
}

const boundTo = (id: string, ballot: Ballot): Record<string, unknown> => ({
  [requestDigestClaim]: voteDigestOf(id, ballot, development.audience),
})

/** Rita's token, bound to her key, with a proof that has these claims. */
async function byKey(claims: Record<string, unknown>, sub = 'rita'): Promise<VoteRequest['voter']> {
  const given = { claims: { cnf: { jkt: person.thumbprint } } }
  const access_token = await approverToken(service, sub, given)
  return { access_token, dpop: await person.dpop(access_token, development.audience, { claims }) }
}

async function byWorkload(
  id: string,
  claims: Record<string, unknown>,
): Promise<VoteRequest['voter']> {
  const wit = await mintWit(service.keys, id, system.key.jwk)
  return { wit, wpt: await system.wpt(wit, development.audience, { claims }) }
}

describe('a proof by a key', () => {
  it('is of the very vote', async () => {
    const { id, ballot } = await asked()
    const { id: other } = await asked().then(async ({ id: first }) => {
      held = {
        ...held,
        capability: { ...held.capability, arguments: { env: 'staging', replicas } },
      }
      const second = await asked()
      expect(second.id).not.toBe(first)
      return second
    })
    const refusals = [
      {},
      boundTo(id, { ...ballot, verdict: 'deny' }),
      boundTo(id, { ...ballot, comment: 'as long as you like' }),
      boundTo(other, ballot),
    ]
    for (const claims of refusals)
      expect(await send(id, ballot, await byKey(claims))).toEqual([
        'voter_unproven',
        expect.stringContaining('request_digest'),
      ])
    expect(await send(id, ballot, await byKey(boundTo(id, ballot)))).toEqual(['taken'])
    expect((await viewOf(id)).votes).toMatchObject([{ assurance: 'key_bound' }])
  })

  it('is asked for where an effect of the capability wants to be that sure', async () => {
    const { id, ballot } = await asked()
    expect(await viewOf(id)).toMatchObject({ assurance: 'key_bound', workloads: ['change-system'] })
    const access_token = await approverToken(service, 'rita')
    expect(await send(id, ballot, { access_token })).toEqual([
      'vote_refused',
      expect.stringContaining('key_bound'),
    ])
  })
})

describe('a workload', () => {
  it('votes where it is asked, and is no person', async () => {
    const { id, ballot } = await asked()
    expect(await send(id, ballot, await byWorkload(changeSystem, boundTo(id, ballot)))).toEqual([
      'taken',
    ])
    expect(await viewOf(id)).toMatchObject({
      ...{ status: 'pending', votes: [{ workload: 'change-system', assurance: 'key_bound' }] },
    })
    expect((await service.ask(held)).effect).toBe('hold')
    await send(id, ballot, await byKey(boundTo(id, ballot)))
    expect((await viewOf(id)).status).toBe('approved')
    expect((await service.ask(held)).effect).toBe('permit')
  })

  it('is waited for, by whichever proof it comes', async () => {
    const { id, ballot } = await asked()
    await send(id, ballot, await byKey(boundTo(id, ballot)))
    expect((await service.ask(held)).effect).toBe('hold')
    const jwt_svid = await mintJwtSvid(service.keys, changeSystem)
    expect(await send(id, ballot, { jwt_svid })).toEqual(['taken'])
    expect((await service.ask(held)).effect).toBe('permit')
  })

  it('refuses like anybody', async () => {
    const { id, ballot } = await asked()
    const no = { ...ballot, verdict: 'deny' as const }
    expect(await send(id, no, await byWorkload(changeSystem, boundTo(id, no)))).toEqual(['taken'])
    expect((await service.ask(held)).effect).toBe('deny')
  })

  it.each<[string, string, string]>([
    ['that nobody registered', 'spiffe://dev.countersign.test/stranger', 'workload_voters'],
    ['that is not asked', 'spiffe://dev.countersign.test/mcp/ops', 'not asked'],
  ])('%s does not vote', async (_who, workload, told) => {
    const { id, ballot } = await asked()
    expect(await send(id, ballot, await byWorkload(workload, boundTo(id, ballot)))).toEqual([
      'vote_refused',
      expect.stringContaining(told),
    ])
  })

  it('does not vote by a proof for something else, nor by two', async () => {
    const { id, ballot } = await asked()
    const unbound = await byWorkload(changeSystem, {})
    expect((await send(id, ballot, unbound))[0]).toBe('voter_unproven')
    const both = { ...unbound, jwt_svid: await mintJwtSvid(service.keys, changeSystem) }
    expect((await send(id, ballot, both))[0]).toBe('voter_unproven')
  })
})

it('whoever wrote the policy that asks does not vote', async () => {
  const { id, ballot } = await asked()
  expect(await send(id, ballot, await byKey(boundTo(id, ballot), 'ruth'))).toEqual([
    'vote_refused',
    expect.stringContaining('wrote the policy'),
  ])
})

describe('a comment', () => {
  it('answers nothing, is of whoever is involved too, and is read by who may answer', async () => {
    const { id } = await asked()
    for (const [sub, comment] of [
      ['alice', 'The old version leaks.'],
      ['rita', 'Why now?'],
      ['rita', 'I see.'],
    ] as const)
      expect((await answer(service, id, sub, { verdict: 'comment', comment })).status).toBe(200)
    const { body } = await service.get(`/v1/approvals/${id}`)
    expect(body).toMatchObject({
      approval: { status: 'pending', votes: Array(3).fill({ verdict: 'comment' }) },
      comments: [{ text: 'The old version leaks.' }, { text: 'Why now?' }, { text: 'I see.' }],
    })
    expect((await service.ask(held)).effect).toBe('hold')
  })

  it('says something, and is of somebody who has to do with it', async () => {
    const { id } = await asked()
    expect((await answer(service, id, 'rita', { verdict: 'comment' })).body['code']).toBe(
      'invalid_request',
    )
    const stranger = { verdict: 'comment', comment: 'Hello', groups: ['staff'] } as const
    expect((await answer(service, id, 'mallory', stranger)).body['code']).toBe('vote_refused')
  })
})
