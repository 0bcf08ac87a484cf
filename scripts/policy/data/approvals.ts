// Rules of approvals: workloads that they wait for must be registered as voters, or nothing is ever approved.

import { pointerTo } from '../../../service/contract/json-pointer.ts'
import type { ApprovalDemand } from '../../../service/contract/approval-demand.ts'
import type { Registry } from '../../../service/contract/registry.ts'
import type { Finding } from './finding.ts'
import { capabilitiesOf } from './references.ts'

interface Rule {
  readonly pointer: string
  readonly who: string
  readonly rule: ApprovalDemand
}

/** Every rule of the registry that asks for an approval. */
export function approvalRules(registry: Registry): readonly Rule[] {
  return [
    {
      pointer: '/parameters/default_approval',
      who: 'what nobody else approves',
      rule: registry.parameters.default_approval,
    },
    ...capabilitiesOf(registry).flatMap(({ pointer, key, capability: { approval } }) =>
      approval === undefined ? [] : [{ pointer: `${pointer}/approval`, who: key, rule: approval }],
    ),
  ]
}

export function workloadVoterFindings(registry: Registry): readonly Finding[] {
  const voters = Object.keys(registry.workload_voters ?? {})
  const rules = approvalRules(registry)
  const unknown = rules.flatMap(({ pointer, who, rule }) =>
    (rule.workloads ?? []).flatMap((name, i): readonly Finding[] =>
      voters.includes(name)
        ? []
        : [
            {
              ...{ pointer: `${pointer}/workloads/${String(i)}`, code: 'data.unknown_workload' },
              message: `${who} waits for the workload ${name}, which is not registered: add it under workload_voters, or correct the name`,
              severity: 'error',
            },
          ],
    ),
  )
  const asked = new Set(rules.flatMap(({ rule }) => rule.workloads ?? []))
  const idle = voters
    .filter((name) => !asked.has(name))
    .map((name): Finding => ({
      ...{ pointer: pointerTo('/workload_voters', name), code: 'data.workload_unused' },
      message: `no approval asks for the workload ${name}: name it in the rule of one, or take it out`,
      severity: 'warning',
    }))
  return [...unknown, ...idle]
}
