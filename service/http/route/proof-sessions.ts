/**
 * Proof sessions: a server opens one for its gateway by its own proof and ends it by its handle, an operator sees and
 * ends all of them.
 */
import type { IncomingMessage } from 'node:http'
import {
  CallerRefusal,
  refusedCredential,
  type CallerFailure,
} from '../../contract/caller-failure.ts'
import type { Digest } from '../../contract/digest.ts'
import { PdpError } from '../../contract/error-code.ts'
import { parseProofSessionRequest } from '../../contract/parse-query.ts'
import type { ProofSessionRequest } from '../../contract/proof-session.ts'
import { sessionHandleForm } from '../../contract/query.ts'
import { endOwnSession, endSession, openSession } from '../../flow/open-session.ts'
import { proveOpener } from '../../flow/prove-opener.ts'
import type { Tenant } from '../../flow/tenant.ts'
import { digestOfText } from '../../statement/digest.ts'
import { authenticatePep, type Caller } from '../authenticate-pep.ts'
import { readJsonBody, sendJson } from '../exchange.ts'
import { tenantByAudience, tenantByName } from '../find-tenant.ts'
import { peerChainOf } from '../peer-certificates.ts'
import { readCredential } from '../pep-credential.ts'
import type { Handler, Route, Service } from '../service.ts'

const scope = 'pdp.stop'
const handleForm = new RegExp(sessionHandleForm, 'u')

/** The server is the caller, and its proof the credential: there is no other. */
const postSession: Handler = async (request, response, service) => {
  const asked = parseProofSessionRequest(await readJsonBody(request))
  const tenant = tenantFor(asked, request, service)
  const now = Math.floor(tenant.clock.now() / 1000)
  const opener = await proveOpener(asked, peerChainOf(request), tenant, now)
  if (!opener.ok) throw refused(opener.failure, tenant.tenant.id)
  const { id, handle, expiresAt } = await openSession(asked, opener.value, tenant)
  const expires_at = new Date(expiresAt * 1000).toISOString()
  sendJson(request, response, 201, { id, handle, expires_at })
}

/** @throws PdpError `unauthenticated` */
function tenantFor(
  { server: { proof } }: ProofSessionRequest,
  request: IncomingMessage,
  service: Service,
): Tenant {
  const compact = proof.wpt ?? proof.x5_proof
  const tenant =
    compact === undefined ? tenantByName(request, service) : tenantByAudience(compact, service)
  if (tenant === null) throw refused('tenant_unknown')
  return tenant
}

function refused(failure: CallerFailure, tenant: string | null = null): PdpError {
  const cause = new CallerRefusal(failure, tenant)
  return new PdpError('unauthenticated', refusedCredential, { cause })
}

function listOf({ tenant }: Caller): unknown {
  const { audit, clock } = tenant
  const now = Math.floor(clock.now() / 1000)
  return { tenant: tenant.tenant.id, sessions: audit.sessions.standing(now) }
}

const getSessions: Handler = async (request, response, service) => {
  const caller = await authenticatePep(request, service, { scope })
  sendJson(request, response, 200, listOf(caller))
}

const deleteSession: Handler = async (request, response, service, parameters) => {
  const handle = handleOf(request)
  if (handle === null) await deleteAny(request, response, service, parameters)
  else {
    const { tenant, audit, clock } = tenantOfHandle(handle, service)
    await endOwnSession({ id: parameters['id'] ?? '', handle }, { tenant: tenant.id, audit, clock })
    // Of the sessions that stand it may see its own, which does no longer.
    sendJson(request, response, 200, { tenant: tenant.id, sessions: [] })
  }
}

/** SHA-256 of the handle that is the credential; null when another is, or none. */
function handleOf(request: IncomingMessage): Digest | null {
  const credential = readCredential(request, null)
  if (!credential.ok || credential.value.kind !== 'bearer') return null
  const { token } = credential.value
  return handleForm.test(token) ? digestOfText(token) : null
}

/** A handle that is over is no credential, as one that never was. @throws PdpError `unauthenticated` */
function tenantOfHandle(handle: Digest, { tenants }: Service): Tenant {
  const theirs = [...tenants.values()].find(
    ({ audit, clock }) => audit.sessions.held(handle, Math.floor(clock.now() / 1000)) !== null,
  )
  if (theirs === undefined) throw refused('tenant_unknown')
  return theirs
}

const deleteAny: Handler = async (request, response, service, parameters) => {
  const caller = await authenticatePep(request, service, { scope })
  const { tenant, audit, clock } = caller.tenant
  const ended = { id: parameters['id'] ?? '', by: caller.pep.id }
  await endSession(ended, { tenant: tenant.id, audit, clock })
  sendJson(request, response, 200, listOf(caller))
}

export const proofSessionRoutes: readonly Route[] = [
  {
    method: 'post',
    path: '/v1/proof-sessions',
    handler: postSession,
    operation: {
      id: 'openProofSession',
      summary:
        'Open a proof session for a gateway: the server itself asks, by the proof in the body or by its connection',
      scope: null,
      request: 'ProofSessionRequest',
      status: 201,
      response: 'ProofSessionOpened',
      problems: [400, 401, 403, 404, 413, 415, 429, 503],
    },
  },
  {
    method: 'get',
    path: '/v1/proof-sessions',
    handler: getSessions,
    operation: {
      ...{ id: 'listProofSessions', summary: 'The proof sessions that stand', scope },
      ...{ response: 'ProofSessionList', problems: [] },
    },
  },
  {
    method: 'delete',
    path: '/v1/proof-sessions/:id',
    handler: deleteSession,
    operation: {
      ...{
        id: 'endProofSession',
        summary:
          'End a proof session, from the next question on: with the scope, or with its handle as bearer credential',
        scope,
      },
      ...{ response: 'ProofSessionList', problems: [404, 503] },
    },
  },
]
