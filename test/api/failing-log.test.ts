/** A log that takes no entries: no decision leaves by any route, and the operator is told, for a batch too. */
import { beforeEach, expect, it } from '@jest/globals'
import supertest from 'supertest'
import { MemoryLog } from '../../service/adapter/memory-log/memory-log.ts'
import { systemClock } from '../../service/adapter/clock/system-clock.ts'
import { emptyStore } from '../../service/bundle/stored-sets.ts'
import { KeptPolicies } from '../../service/flow/kept-policies.ts'
import { LastSeen } from '../../service/flow/last-seen.ts'
import { Publisher } from '../../service/flow/publisher.ts'
import { GrowingTiles } from '../../service/audit/growing-tiles.ts'
import { PolicyLife } from '../../service/flow/policy-life.ts'
import type { Tenant } from '../../service/flow/tenant.ts'
import { Turns } from '../../service/flow/turns.ts'
import { createApp } from '../../service/http/app.ts'
import { Console } from '../../service/http/console/console.ts'
import type { Service } from '../../service/http/service.ts'
import { MemoryPublication } from '../support/memory-publication.ts'
import { noKeys } from '../support/no-keys.ts'

const audit = new MemoryLog('test')
audit.fail('the disk is gone')
const registration = {
  client_id: 'gateway',
  issuer: 'i',
  project: 'p',
  environment: 'e',
  servers: [],
  owner: 'o',
  review_by: 4_102_444_800,
}
const unused = (): never => {
  throw new Error('nothing is to be activated here')
}
const life = new PolicyLife({
  ...{ sources: [], stalenessSeconds: 1, keep: 1, observe: () => undefined },
  loader: { load: unused },
  store: { state: () => emptyStore, write: unused, read: unused },
  events: { tenant: 't', audit, clock: systemClock },
})
const tenant: Tenant = {
  tenant: {
    id: 't',
    audience: 'https://pdp/t',
    initiatorIssuers: [],
    agentDocument: () => null,
    platformDemands: () => null,
  },
  ...{ clock: systemClock, audit, policy: () => null, pseudonymKey: new Uint8Array(32) },
  keySets: noKeys,
  verify: () => {
    throw new Error('nothing is to be verified here')
  },
  ...{
    peps: [],
    findPep: () => null,
    findPepWorkload: () => null,
    tlsNames: [],
    lastSeen: new LastSeen(),
    mayRevoke: () => false,
    publicKeys: () => [],
    obstacles: () => [],
    notices: () => [],
    trust: () => ({ tenant: 't', key_sets: [], status_lists: [] }),
    shadowReport: () => ({ tenant: 't', shadow: null }),
  },
  keys: {
    ...{ tenant: 't', audit, clock: systemClock, algorithm: 'ES256' },
    ...{ lifetimeSeconds: 60, rotateSeconds: null, noteKey: new MemoryPublication('test').key },
    turns: new Turns(),
    signer: {
      keys: unused,
      make: unused,
      sign: unused,
      destroy: unused,
      close: unused,
      failure: () => null,
    },
  },
  published: {
    isPublic: false,
    publisher: new Publisher(
      { tiles: new GrowingTiles(), note: null, at: null },
      {
        ...{ audit, clock: systemClock, failed: () => undefined, witnesses: null },
        publication: new MemoryPublication('test'),
      },
    ),
  },
  isStale: () => false,
  lacksWitnesses: () => false,
  life,
  kept: new KeptPolicies(life),
  developmentPep: { apiKey: 'key', registration },
  console: null,
}
const told: string[] = []
const counted: string[] = []
const service: Service = {
  publicUrl: 'http://pdp',
  tenants: new Map([[tenant.tenant.audience, tenant]]),
  console: new Console(() => 'http://pdp', systemClock, null),
  openapi: {},
  metrics: () => Promise.resolve({ type: 'text/plain', text: '' }),
  observe: {
    decided: () => undefined,
    observed: () => undefined,
    refused: (code) => counted.push(code),
    callerRefused: () => undefined,
    failed: (message) => told.push(message),
  },
  notices: () => [],
  accepting: () => true,
}
const query = {
  phase: 'request',
  server: { id: 'ops' },
  capability: { kind: 'tool', name: 'status' },
  protocol: { version: 'v', method: 'tools/call' },
}
const entity = { type: 'user', id: 'a' }
const evaluation = { subject: entity, resource: entity, action: { name: 'read' } }

beforeEach(() => {
  told.length = 0
  counted.length = 0
})

it.each([
  ['/v1/decisions', query, 1],
  ['/v1/decisions/batch', { queries: [query, query] }, 2],
  ['/access/v1/evaluation', evaluation, 1],
  ['/access/v1/evaluations', { evaluations: [evaluation] }, 1],
])('%s gives no decision and tells the operator', async (path, body, faults) => {
  const reply = await supertest(createApp(service))
    .post(path)
    .set('authorization', 'Bearer key')
    .send(body)
  expect(JSON.stringify(reply.body)).toContain('audit_unavailable')
  expect(JSON.stringify(reply.body)).not.toMatch(/permit|"decision":|the disk/u)
  expect(counted).toEqual(Array<string>(faults).fill('audit_unavailable'))
  expect(told).toEqual(Array<string>(faults).fill('answered 503 audit_unavailable'))
})
