/** A grant that the development registry lets its gateway have issued, to Alice, for the tools of the examples. */
import { development } from '../../service/adapter/development/development-tenant.ts'
import type { GrantRequest } from '../../service/contract/grant-request.ts'

export const grantRequest: GrantRequest = {
  purpose: { code: 'incident.restore', ref: 'INC-4711' },
  initiator: { iss: development.identityIssuer, sub: 'alice' },
  capabilities: ['ops/tool:status', 'ops/tool:deploy'],
  data: {
    classifications: ['internal'],
    resources: [],
    residency: ['EU'],
    directions: ['internal', 'egress'],
  },
  seconds: 3600,
}
