/** Drafts of a realistic size, for measurements and crash runs that drive the log without the service. */
import type { Draft } from '../service/port/audit-log.ts'
import { digestOf } from '../service/statement/digest.ts'

const digest = digestOf('content', 'sample')
const policy = { revision: 'sample', digest }

/** What a decision on one tool call leaves behind: a leaf of about 3 KB and 3 KB that are disclosed. */
export function sampleDraft(
  id: string,
  workflowId: string,
  now: number,
  subject = `hmac:${'a'.repeat(64)}`,
): Draft {
  return {
    typ: 'decision+jwt',
    now,
    workflowId,
    claims: {
      kind: 'decision',
      jti: id,
      exp: now + 60,
      aud: 'gateway',
      sub: subject,
      actors: [`hmac:${'b'.repeat(64)}`],
      tenant: 'acme',
      project: 'shop',
      environment: 'production',
      phase: 'request',
      capability: { kind: 'tool', server: 'ops', key: 'tool:deploy' },
      purpose: { code: 'incident.restore', grant_id: 'grant-1' },
      effect: 'permit',
      reasons: [{ code: 'capability.permitted', rule: 'countersign.rule.capability' }],
      obligations: [],
      binding: {
        action_digest: digest,
        round_digest: digest,
        definition_digest: digest,
        policy,
        valid_until: new Date((now + 60) * 1000).toISOString(),
        single_use: true,
      },
      authority: { rules: ['countersign.rule.capability'], policy },
      verdict_source: 'policy',
      query_digest: digest,
      input_digest: digest,
      evidence: [digest, digest],
      replay_keys: [],
      conduct: {
        ...{ basis: 'known', depth: 0, taint: ['changed'] },
        cost: { calls: 1, tokens: 0, rounds: 0, units: 0 },
      },
    },
    disclosure: {
      subject,
      value: { input: { person: 'someone', text: 'x'.repeat(2800) }, reasons: [] },
    },
  }
}

export function sampleEvent(id: string, workflowId: string | null, now: number): Draft {
  return {
    typ: 'event+jwt',
    now,
    workflowId,
    claims: { kind: 'start', jti: id, tenant: 'acme', event: { version: '0.0.0' } },
    disclosure: null,
  }
}

/** That the policy decides which the drafts of decisions name. */
export function sampleActivation(id: string, now: number): Draft {
  return {
    typ: 'event+jwt',
    now,
    workflowId: null,
    claims: { kind: 'bundle_activation', jti: id, tenant: 'acme', event: policy },
    disclosure: null,
  }
}
