/** Every route, in one table: what the application mounts is what OpenAPI describes. */
import type { Route } from './service.ts'
import { authzenRoutes } from './route/authzen.ts'
import { approvalRoutes } from './route/approvals.ts'
import { erasureRoute } from './route/erasures.ts'
import { explanationRoutes } from './route/explanations.ts'
import { decisionListRoute } from './route/decision-list.ts'
import { batchRoute, decisionRoute } from './route/decisions.ts'
import { logTailRoute } from './route/log-tail.ts'
import { logProofRoutes } from './route/log-proofs.ts'
import { nonceRoute } from './route/nonces.ts'
import { pepRoute } from './route/peps.ts'
import { policyRoutes } from './route/policy.ts'
import { publishedLogRoutes } from './route/published-log.ts'
import { inputRoute, outcomeRoute, recordRoute } from './route/records.ts'
import { securityEventRoute } from './route/security-events.ts'
import { purposeGrantRoutes } from './route/purpose-grants.ts'
import { proofSessionRoutes } from './route/proof-sessions.ts'
import { signingKeyRoutes } from './route/signing-keys.ts'
import { stopRoutes } from './route/stops.ts'
import { trustRoute } from './route/trust.ts'
import { workflowRoute } from './route/workflows.ts'
import { stateRoutes } from './route/service-state.ts'

export const routes: readonly Route[] = [
  decisionRoute,
  batchRoute,
  decisionListRoute,
  recordRoute,
  inputRoute,
  outcomeRoute,
  workflowRoute,
  ...approvalRoutes,
  ...purposeGrantRoutes,
  nonceRoute,
  ...proofSessionRoutes,
  ...explanationRoutes,
  ...authzenRoutes,
  ...policyRoutes,
  trustRoute,
  ...stopRoutes,
  erasureRoute,
  ...signingKeyRoutes,
  pepRoute,
  securityEventRoute,
  ...stateRoutes,
  logTailRoute,
  ...logProofRoutes,
  // Last: a log has its tenant's name as first part of its path, and no other route may be taken for one.
  ...publishedLogRoutes,
]
