/**
 * A decision as an event of OPA's decision log (OPA, "Decision Logs"; EventV1), for what already reads those.
 *
 * Only members of OPA's event are used: what a decision has beyond it stands in `result`. An input that was erased, or
 * is withheld, is named in `erased`, as OPA names what its mask removed.
 */
import type { Reason } from '../contract/decision.ts'
import type { DecisionLeaf } from '../contract/leaf.ts'
import { answeredEffect } from '../contract/observation.ts'

export type OpaEvent = {
  readonly labels: Readonly<Record<string, string>>
  readonly decision_id: string
  readonly bundles?: Readonly<Record<string, { readonly revision: string }>>
  readonly path: string
  readonly input?: unknown
  readonly result: unknown
  readonly erased?: readonly string[]
  readonly requested_by: string
  /** RFC 3339. */
  readonly timestamp: string
}

export type ExportedDecision = {
  readonly leaf: DecisionLeaf
  /** RFC 6962 hash of the leaf: `sha256:` and hexadecimal digits. */
  readonly leafHash: string
  /** What lies encrypted beside the leaf; null when it is erased or not to be seen. */
  readonly disclosed: { readonly input: unknown; readonly reasons: readonly Reason[] } | null
}

/** The entrypoint of every policy, as OPA writes a path. */
const path = 'countersign/decision'

export function opaEvent({ leaf, leafHash, disclosed }: ExportedDecision): OpaEvent {
  const { jti, iss, iat, aud, tenant, project, environment, authority } = leaf
  return {
    labels: { id: iss, app: 'countersign', tenant, project, environment },
    decision_id: jti,
    ...(authority.policy === null
      ? {}
      : { bundles: { countersign: { revision: authority.policy.revision } } }),
    path,
    ...(disclosed === null ? { erased: ['/input'] } : { input: disclosed.input }),
    result: resultOf(leaf, leafHash, disclosed?.reasons ?? leaf.reasons),
    requested_by: aud,
    timestamp: new Date(iat * 1000).toISOString(),
  }
}

function resultOf(leaf: DecisionLeaf, leafHash: string, reasons: readonly object[]): object {
  const { effect, observed, obligations, hold, authority, binding, capability, purpose } = leaf
  return {
    ...{ effect, answered_effect: answeredEffect(leaf), reasons, obligations },
    ...(hold === undefined ? {} : { hold }),
    ...(observed === undefined ? {} : { observed }),
    ...{ authority, verdict_source: leaf.verdict_source, valid_until: binding.valid_until },
    subject: { initiator: leaf.sub, actors: leaf.actors },
    ...{ phase: leaf.phase, capability, purpose, workflow: leaf.workflow },
    digests: {
      ...{ action: binding.action_digest, definition: binding.definition_digest },
      ...{ query: leaf.query_digest, input: leaf.input_digest },
    },
    log: { origin: leaf.iss, index: leaf.index, leaf_hash: leafHash },
  }
}
