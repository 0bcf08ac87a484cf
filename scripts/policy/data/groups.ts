// Groups: those that somebody must be in, and those that have members. Those that access tokens carry are
// named in the project's file; one that is in neither is a warning, once.

import { pointerTo } from '../../../service/contract/json-pointer.ts'
import type { Registry } from '../../../service/contract/registry.ts'
import { approvalRules } from './approvals.ts'
import type { Finding } from './finding.ts'
import { capabilitiesOf } from './references.ts'

interface Use {
  readonly group: string
  readonly pointer: string
  readonly code: string
  readonly who: string
}

/** @param carried groups that access tokens carry */
export function groupFindings(registry: Registry, carried: readonly string[]): readonly Finding[] {
  const uses = [...approvals(registry), ...memberships(registry)]
  const empty = uses.filter(
    ({ group }) => !carried.includes(group) && (registry.groups[group] ?? []).length === 0,
  )
  const unfilled = [
    ...Map.groupBy(empty, ({ code, group }) => `${code} ${group}`).values(),
  ].flatMap(([first]) => (first === undefined ? [] : [unfilledBy(first)]))
  const used = new Set(uses.map(({ group }) => group))
  const idle = Object.keys(registry.groups)
    .filter((group) => !used.has(group))
    .map((group) =>
      warning(
        pointerTo('/groups', group),
        'data.group_unused',
        `no capability, agent or approval names the group ${group}: take it out, or correct its name`,
      ),
    )
  return [...unfilled, ...idle]
}

function unfilledBy({ group, pointer, code, who }: Use): Finding {
  const message = `${who} the group ${group}, which nobody is in: add members under groups, or name it in token_groups of the project if access tokens carry it`
  return warning(pointer, code, message)
}

function approvals(registry: Registry): readonly Use[] {
  return approvalRules(registry).map(({ pointer, who, rule: { group } }) => ({
    ...{ group, pointer: `${pointer}/group`, code: 'data.approvers_missing' },
    who: `${who} waits for`,
  }))
}

function memberships(registry: Registry): readonly Use[] {
  const code = 'data.group_empty'
  return [
    ...capabilitiesOf(registry).flatMap(({ pointer, key, capability }) =>
      capability.groups.map((group, i) => ({
        ...{ group, pointer: `${pointer}/groups/${String(i)}`, code, who: `${key} is for` },
      })),
    ),
    ...Object.entries(registry.agents).flatMap(([agent, { groups }]) =>
      groups.map((group, i) => ({
        ...{ group, code, who: `the agent ${agent} acts for` },
        pointer: `${pointerTo('/agents', agent)}/groups/${String(i)}`,
      })),
    ),
  ]
}

function warning(pointer: string, code: string, message: string): Finding {
  return { pointer, code, message, severity: 'warning' }
}
