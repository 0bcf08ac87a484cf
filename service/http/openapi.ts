/** OpenAPI 3.1, from the table of routes and the message schemas: never written by hand. */
import { Type, type TSchema } from 'typebox'
import {
  ApprovalCancel,
  ApprovalList,
  ApprovalRecord,
  VoteReceipt,
  VoteRequest,
} from '../contract/approval.ts'
import {
  Evaluation,
  EvaluationAnswer,
  Evaluations,
  EvaluationsAnswer,
} from '../contract/authzen.ts'
import { DecisionAnswer } from '../contract/decision.ts'
import { DecisionList } from '../contract/decision-list.ts'
import { closed, OpenObject } from '../contract/digest.ts'
import { WorkflowView } from '../contract/workflow-view.ts'
import { ErasureReceipt, ErasureRequest } from '../contract/erasure.ts'
import { Explanation } from '../contract/explanation.ts'
import {
  GrantAnswer,
  GrantList,
  GrantRequest,
  GrantRevocationRequest,
  GrantView,
} from '../contract/grant-request.ts'
import { Observed } from '../contract/observation.ts'
import { Outcome, OutcomeReceipt } from '../contract/outcome.ts'
import { Effect } from '../contract/policy-result.ts'
import { PepList } from '../contract/pep-state.ts'
import { PolicyChange, PolicyHistory, PolicyState } from '../contract/policy-state.ts'
import { ConsistencyProof, LogState } from '../contract/log-state.ts'
import { Problem } from '../contract/problem.ts'
import {
  ProofSessionList,
  ProofSessionOpened,
  ProofSessionRequest,
} from '../contract/proof-session.ts'
import { ShadowReport } from '../contract/shadow-report.ts'
import { TrustState } from '../contract/trust-state.ts'
import type { Scope } from '../contract/scope.ts'
import { Query, QueryBatch } from '../contract/query.ts'
import {
  KeyRevocationRequest,
  KeyRotationRequest,
  SigningKeyList,
} from '../contract/signing-key.ts'
import { Stop, StopLift, StopList, StopRequest } from '../contract/stop.ts'
import { routes } from './routes.ts'
import type { Route } from './service.ts'

/** Named schemas of requests and answers; a test holds every reply against its own. */
export const schemas: Readonly<Record<string, TSchema>> = {
  Query,
  QueryBatch,
  DecisionAnswer,
  BatchAnswer: Type.Object(
    {
      decisions: Type.Array(
        Type.Union([DecisionAnswer, Type.Object({ problem: Problem }, closed)]),
      ),
    },
    closed,
  ),
  DecisionList,
  WorkflowView,
  GrantRequest,
  GrantAnswer,
  GrantList,
  GrantView,
  GrantRevocationRequest,
  DecisionRecord: Type.Object({ decision: DecisionAnswer, leaf: OpenObject }, closed),
  DecisionInput: Type.Object(
    {
      decision_id: Type.String(),
      effect: Effect,
      observed: Type.Optional(Observed),
      /** As rules see it; null once any of it was erased or has ended. */
      input: Type.Union([OpenObject, Type.Null()]),
    },
    closed,
  ),
  Outcome,
  OutcomeReceipt,
  ApprovalCancel,
  ApprovalList,
  ApprovalRecord,
  VoteReceipt,
  VoteRequest,
  Nonce: Type.Object({ nonce: Type.String(), expires_at: Type.String() }, closed),
  ProofSessionRequest,
  ProofSessionOpened,
  ProofSessionList,
  Explanation,
  SecurityEventTaken: Type.Object({}, closed),
  Stop,
  ErasureReceipt,
  ErasureRequest,
  StopLift,
  StopList,
  StopRequest,
  KeyRotationRequest,
  KeyRevocationRequest,
  SigningKeyList,
  PolicyChange,
  PolicyState,
  PolicyHistory,
  PepList,
  ShadowReport,
  TrustState,
  Evaluation,
  EvaluationAnswer,
  Evaluations,
  EvaluationsAnswer,
  AuthzenConfiguration: Type.Object({
    policy_decision_point: Type.String(),
    access_evaluation_endpoint: Type.String(),
    access_evaluations_endpoint: Type.String(),
  }),
  Health: Type.Object({ status: Type.Literal('ok') }, closed),
  Readiness: Type.Object(
    {
      status: Type.String(),
      /** Why a tenant cannot answer. */
      tenants: Type.Record(Type.String(), Type.Array(Type.String())),
      /** What an operator should look at, though the tenant answers. */
      notices: Type.Record(Type.String(), Type.Array(Type.String())),
      /** The same of no tenant in particular. */
      service: Type.Array(Type.String()),
      /** How far each log has come, and how far it is published. */
      logs: Type.Array(LogState),
      /** How long the key of each still signs. */
      keys: Type.Array(SigningKeyList),
    },
    closed,
  ),
  ConsistencyProof,
  JwkSet: Type.Object({ keys: Type.Array(OpenObject) }, closed),
  OpenApiDocument: OpenObject,
  Problem,
}

export function openApiDocument(version: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of routes) {
    const path = route.path.replaceAll(/[:*]([a-z]+)/gu, '{$1}')
    paths[path] = { ...paths[path], [route.method]: operationOf(route) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Countersign',
      version,
      description:
        'A policy decision point for MCP and agent workflows. A denial is a 200; any 4xx or 5xx means that no decision exists, and the gateway must deny.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths,
    components: {
      schemas,
      securitySchemes: {
        pep: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'at+jwt (RFC 9068)',
          description:
            'Where the registration of the gateway allows a token that is bound to no key',
        },
        dpop: {
          type: 'http',
          scheme: 'dpop',
          bearerFormat:
            'at+jwt (RFC 9068) bound to the key of the proof in the header DPoP (RFC 9449)',
        },
        workload: {
          type: 'apiKey',
          in: 'header',
          name: 'Workload-Identity-Token',
          description:
            'With a proof in the header Workload-Proof-Token (draft-ietf-wimse-wpt-02): its audience is the URI of the tenant, and its claim urn:countersign:request the digest of the request',
        },
      },
    },
  }
}

function operationOf({ path, operation }: Route): Record<string, unknown> {
  const parameters = parametersOf(path, operation)
  return {
    operationId: operation.id,
    summary: operation.summary,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(operation.scope === null ? {} : { security: securityOf(operation.scope) }),
    ...(operation.request === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: contentOf('application/json', operation.request),
          },
        }),
    responses: responsesOf(operation),
  }
}

function parametersOf(path: string, { query = [] }: Route['operation']): readonly object[] {
  const named = [...path.matchAll(/[:*]([a-z]+)/gu)].map(([, name]) => ({
    ...{ name, in: 'path', required: true, schema: { type: 'string' } },
  }))
  const asked = query.map(({ name, description, format }) => ({
    ...{ name, in: 'query', required: false, description },
    schema: { type: 'string', ...(format === undefined ? {} : { format }) },
  }))
  return [...named, ...asked]
}

/** Any way of proof, with any of the scopes. */
function securityOf(scope: Scope | readonly Scope[]): Record<string, unknown>[] {
  return [scope].flat().flatMap((one) => [{ pep: [one] }, { dpop: [one] }, { workload: [one] }])
}

function responsesOf(operation: Route['operation']): Record<string, unknown> {
  const isJson = !operation.response.includes('/')
  const statuses = new Set([...operation.problems, ...(operation.scope === null ? [] : [401, 403])])
  return {
    [operation.status ?? 200]: {
      description: operation.summary,
      content: isJson
        ? contentOf('application/json', operation.response)
        : { [operation.response]: { schema: { type: 'string' } } },
    },
    ...Object.fromEntries([...statuses].sort().map((status) => [status, problemResponse()])),
    default: problemResponse(),
  }
}

function problemResponse(): Record<string, unknown> {
  return {
    description: 'No decision exists',
    content: contentOf('application/problem+json', 'Problem'),
  }
}

function contentOf(type: string, schema: string): Record<string, unknown> {
  return { [type]: { schema: { $ref: `#/components/schemas/${schema}` } } }
}
