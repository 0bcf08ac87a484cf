/** Every route is described, and what it answers matches its description. */
import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { GrantAnswer } from '../../service/contract/grant-request.ts'
import { grantRequest } from '../support/grant-request.ts'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { tileAt, tilePath } from '../../service/audit/tile.ts'
import type { SigningKeyList } from '../../service/contract/signing-key.ts'
import { openApiDocument, schemas } from '../../service/http/openapi.ts'
import { development } from '../../service/adapter/development/development-tenant.ts'
import { mintWit } from '../../service/adapter/development/mint.ts'
import { routes } from '../../service/http/routes.ts'
import { answer as answerFor } from '../support/approver.ts'
import {
  queriesByEffect,
  startDevelopmentService,
  type DevelopmentService,
  type Reply,
} from '../support/development-service.ts'
import { names } from '../support/party.ts'
import { openingBy, type Terms } from '../support/proof-session.ts'
import { createHolder } from '../support/workload.ts'
import { pushEvent, sessionRevoked, signEvent } from '../support/security-event.ts'

let service: DevelopmentService
const replies = new Map<string, Reply>()

beforeAll(async () => {
  service = await startDevelopmentService({
    tenant: (tenant) => ({ ...tenant, log: { public: true } }),
  })
  const { permit, hold } = await queriesByEffect(service.keys)
  const answer = await service.ask(hold)
  const path = `/v1/decisions/${answer.decision_id}`
  const evaluation = {
    subject: { type: 'identity', id: 'alice' },
    action: { name: 'tools/call' },
    resource: { type: 'tool', id: 'status' },
    context: { countersign: permit },
  }
  const digest = answer.binding.policy?.digest
  const reason = 'as it is'
  const pinned = service.post('/v1/policy/pin', { reason })
  const unpinned = pinned.then(() => service.post('/v1/policy/unpin', { reason }))
  const scope = { kind: 'server', server: 'nobody asks about it' }
  const stopped = service.post('/v1/stops', { scope, reason })
  const rotated = service.post('/v1/keys/rotation', { announce_seconds: 0, reason })
  const proof = await service.get(`/log/proof/${path.split('/').at(-1) ?? ''}`)
  const proved = Promise.resolve(proof)
  const size = Number(/\nlocalhost\/dev\n(\d+)\n/u.exec(String(proof.body['text']))?.[1])
  // As a witness would have it: what is kept there is served as it is.
  const published = join(service.data, 'tenants/dev/published')
  mkdirSync(join(published, 'witnessed'))
  copyFileSync(join(published, 'checkpoint'), join(published, 'witnessed/0'))
  const firstTile = tilePath(tileAt('entries', 0, size)!)
  const gateway = { issuer: development.identityIssuer, client_id: development.pep }
  const opened = openSession({ server: { id: 'ops' }, gateway })
  const ended = opened.then(({ body }) =>
    service.remove(`/v1/proof-sessions/${String(body['id'])}`),
  )
  const id = String((await service.ask(hold)).hold?.id)
  const voted = answerFor(service, id, 'rita')
  const issued = service.post('/v1/purpose-grants', grantRequest)
  const granted = issued.then(
    ({ body }) => `/v1/purpose-grants/${(body as GrantAnswer).grant?.id ?? ''}`,
  )
  const asked: Readonly<Record<string, Promise<Reply>>> = {
    listApprovals: service.get('/v1/approvals'),
    getApproval: service.get(`/v1/approvals/${id}`),
    vote: voted,
    issuePurposeGrant: issued,
    listPurposeGrants: issued.then(() => service.get('/v1/purpose-grants')),
    getPurposeGrant: granted.then((at) => service.get(at)),
    revokePurposeGrant: granted.then((at) => service.post(`${at}/revoke`, { reason })),
    cancelApproval: voted.then(() => service.post(`/v1/approvals/${id}/cancel`, { reason })),
    decide: service.post('/v1/decisions', hold),
    decideBatch: service.post('/v1/decisions/batch', { queries: [permit, hold] }),
    listDecisions: service.get('/v1/decisions'),
    getWorkflow: service.get(`/v1/workflows/${answer.workflow.id}`),
    tailLog: service.get('/log/tail'),
    getDecision: service.get(path),
    getDecisionInput: service.get(`${path}/input`),
    explainQuery: service.post('/v1/explanations', hold),
    explainDecision: service.get(`${path}/explanation`),
    openProofSession: opened,
    listProofSessions: opened.then(() => service.get('/v1/proof-sessions')),
    endProofSession: ended,
    issueNonce: service.post('/v1/nonces', {}),
    reportOutcome: service.post(`${path}/outcome`, { status: 'suppressed' }),
    authzenEvaluation: service.post('/access/v1/evaluation', evaluation),
    authzenEvaluations: service.post('/access/v1/evaluations', { evaluations: [evaluation] }),
    authzenConfiguration: service.get('/.well-known/authzen-configuration'),
    listStops: service.get('/v1/stops'),
    listPeps: service.get('/v1/peps'),
    setStop: stopped,
    eraseSubject: service.post('/v1/erasures', {
      ...{ subject: { iss: development.identityIssuer, sub: 'nobody' }, reason },
    }),
    pushSecurityEvent: signEvent(service.keys, sessionRevoked('zoe')).then((token) =>
      pushEvent(service, token),
    ),
    liftStop: stopped.then(({ body }) =>
      service.post(`/v1/stops/${String(body['id'])}/lift`, { reason }),
    ),
    getPolicy: service.get('/v1/policy'),
    getPolicyHistory: service.get('/v1/policy/history'),
    getPolicyShadow: service.get('/v1/policy/shadow'),
    getTrust: service.get('/v1/trust'),
    listKeys: service.get('/v1/keys'),
    rotateKey: rotated,
    revokeKey: rotated.then(({ body }) =>
      service.post('/v1/keys/revocation', {
        kid: (body as SigningKeyList).keys[0]?.kid,
        ...{ compromised_at: 1, reason },
      }),
    ),
    pinPolicy: pinned,
    unpinPolicy: unpinned,
    rollBackPolicy: unpinned.then(() => service.post('/v1/policy/rollback', { digest, reason })),
    proveDecision: proved,
    proveConsistency: proved.then(() => service.get('/log/consistency?from=1')),
    getCheckpoint: proved.then(() => service.get('/log/checkpoint')),
    getTile: proved.then(() => service.get(`/log/${firstTile}`)),
    getLogKey: service.get('/log/keys/log.vkey'),
    getPublicCheckpoint: proved.then(() => service.get('/dev/checkpoint')),
    getPublicTile: proved.then(() => service.get(`/dev/${firstTile}`)),
    getMinimumIndex: service.get('/log/minimum-index'),
    getPublicMinimumIndex: service.get('/dev/minimum-index'),
    getWitnessed: service.get('/log/witnessed/0'),
    getPublicWitnessed: service.get('/dev/witnessed/0'),
    getPublicLogKey: service.get('/dev/keys/jwks.json'),
    healthz: service.get('/healthz'),
    readyz: service.get('/readyz'),
    metrics: service.get('/metrics'),
    jwks: service.get('/.well-known/jwks.json'),
    openapi: service.get('/openapi.json'),
  }
  for (const [id, reply] of Object.entries(asked)) replies.set(id, await reply)
})
afterAll(async () => {
  await service.stop()
})

async function openSession(terms: Terms): Promise<Reply> {
  const holder = await createHolder(() => Math.floor(Date.now() / 1000))
  const wit = await mintWit(service.keys, names.spiffeId, holder.key.jwk)
  return service.post(
    '/v1/proof-sessions',
    await openingBy(holder, wit, development.audience, terms),
  )
}

describe('the description', () => {
  it('has every route, and is what is served', async () => {
    const { body } = await service.get('/openapi.json')
    const document = openApiDocument((body['info'] as { version: string }).version)
    expect(body).toEqual(JSON.parse(JSON.stringify(document)))
    expect(Object.keys(document['paths'] as object)).toHaveLength(
      new Set(routes.map((route) => route.path)).size,
    )
  })

  it.each(routes.map(({ operation }) => [operation.id, operation] as const))(
    'of %s is what it answers',
    (id, { response, status = 200 }) => {
      const reply = replies.get(id)
      expect(reply?.status).toBe(status)
      const schema = schemas[response]
      if (schema === undefined) {
        expect(reply?.headers.get('content-type')).toContain(response)
        return
      }
      const validate = new Ajv2020({ strict: true }).compile(schema)
      validate(reply?.body)
      expect(validate.errors).toBeNull()
    },
  )

  it('of a problem is what is answered without a decision', async () => {
    const { body } = await service.post('/v1/decisions', '{')
    const validate = new Ajv2020({ strict: true }).compile(schemas['Problem'] ?? {})
    validate(body)
    expect(validate.errors).toBeNull()
  })
})
