/**
 * Which workflow a query belongs to. Total: whatever is not found is `unknown`, and then everything may have happened in it.
 *
 * An id that somebody else was given is treated as one that nobody was given, so that no answer tells whether it exists.
 */
import type { DecisionLeaf } from '../contract/leaf.ts'
import { limits } from '../contract/limits.ts'
import { answeredEffect } from '../contract/observation.ts'
import type { VerifiedInitiator } from '../contract/policy-input.ts'
import type { Query } from '../contract/query.ts'
import type { Pep } from '../decision/facts.ts'
import { serverOf, type RegistryIndex } from '../decision/registry-index.ts'
import { workloadSlice } from '../decision/workload-slice.ts'
import { pseudonymOf } from '../statement/digest.ts'
import type { WorkflowRef } from '../workflow/workflow-facts.ts'
import type { WorkflowState } from '../workflow/workflow-state.ts'
import { isDecision, partsOf, type RecordedDecision } from './answer.ts'
import type { DecidePorts } from './tenant.ts'

type Asker = {
  readonly pep: Pep
  readonly initiator: VerifiedInitiator
  readonly index: RegistryIndex
}
type Ports = Pick<DecidePorts, 'audit' | 'pseudonymKey' | 'clock'>

export async function workflowFor(query: Query, asker: Asker, ports: Ports): Promise<WorkflowRef> {
  const { pep, initiator } = asker
  const { id, parent_decision_id: parent } = query.workflow ?? {}
  const { iss, sub } = initiator
  const subject = iss === null || sub === null ? null : pseudonymOf(ports.pseudonymKey, iss, sub)
  const bound = { project: pep.project, subject }
  const minted = {
    ...{ ...bound, root: null, parent: null, depth: 0, inherited: [] },
    id: `wf_${ports.clock.uuid()}`,
  }
  if (id !== undefined) {
    const state = ports.audit.workflows.find(id, pep.project, subject)
    if (state === null) return { ...minted, basis: 'unknown' }
    return await known(id, state, bound, ports)
  }
  if (parent === undefined) return { ...minted, basis: 'inferred' }
  return (await comingFrom(parent, query, asker, ports, minted)) ?? { ...minted, basis: 'unknown' }
}

type Parent = { readonly recorded: RecordedDecision; readonly state: WorkflowState }

/** A call that comes from another: by the same initiator, or by the server that was called; null when it does not. */
async function comingFrom(
  id: string,
  query: Query,
  asker: Asker,
  ports: Ports,
  minted: Omit<WorkflowRef, 'basis'>,
): Promise<WorkflowRef | null> {
  const parent = await parentOf(id, asker, ports)
  if (parent === null) return null
  const { recorded, state } = parent
  const { sub, workflow, capability } = recorded.leaf
  const isSame = minted.subject !== null && sub === minted.subject
  if (!isSame && !isCalled(recorded.leaf, asker)) return null
  // The next round of the same call: it stays where it is.
  if (isSame && capability.server === query.server.id && query.phase !== 'request')
    return await known(workflow.id, state, minted, ports)
  return {
    ...minted,
    basis: 'child',
    root: state.root ?? workflow.id,
    depth: state.depth + 1,
    parent: id,
    inherited: inheritedFrom(recorded),
  }
}

/** What a call may come from: one that goes ahead, in the same project, and not too far from the first. */
async function parentOf(id: string, asker: Asker, { audit }: Ports): Promise<Parent | null> {
  const recorded = await audit.find(id)
  if (recorded === null || !isDecision(recorded) || !goesAhead(recorded.leaf, asker)) return null
  const state = audit.workflows.at(recorded.leaf.workflow.id)
  return state === null || state.depth >= limits.workflowDepth ? null : { recorded, state }
}

function goesAhead(leaf: DecisionLeaf, { pep }: Asker): boolean {
  return leaf.project === pep.project && answeredEffect(leaf) === 'permit'
}

/** Whoever asks now is the server that the decision was about. */
function isCalled({ capability }: DecisionLeaf, { index, initiator }: Asker): boolean {
  const called = serverOf(index, capability.server)
  if (called === null) return false
  const { spiffe_id: workload } = workloadSlice(called.workload)
  return workload !== null && workload === initiator.sub
}

async function known(
  id: string,
  { root, parent, depth }: WorkflowState,
  { project, subject }: Pick<WorkflowRef, 'project' | 'subject'>,
  ports: Ports,
): Promise<WorkflowRef> {
  const inherited = root === null ? [] : await inheritedBy(parent, ports)
  return { id, basis: 'known', root, parent, depth, project, subject, inherited }
}

async function inheritedBy(
  parent: string | null,
  { audit }: Ports,
): Promise<WorkflowRef['inherited']> {
  const recorded = parent === null ? null : await audit.find(parent)
  if (recorded === null || !isDecision(recorded))
    return [{ bounds: null, decision_id: parent ?? '' }]
  return inheritedFrom(recorded)
}

/** What it had itself, and what it had from where it came. */
function inheritedFrom(recorded: RecordedDecision): WorkflowRef['inherited'] {
  const { input } = partsOf(recorded)
  return [
    { bounds: input?.attested?.purpose?.bounds ?? null, decision_id: recorded.leaf.jti },
    ...(input?.verified?.workflow?.inherited ?? []),
  ]
}
