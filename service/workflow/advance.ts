/**
 * The fold: what one leaf makes of its workflow, of the one that it came from, and of the window of its initiator.
 *
 * Each of the three knows the last leaf that it took in, so that leaves which are read again after a restart change nothing.
 */
import type { DecisionLeaf, EventLeaf, Leaf } from '../contract/leaf.ts'
import { limits } from '../contract/limits.ts'
import { answeredEffect } from '../contract/observation.ts'
import {
  emptyWindow,
  lately,
  windowKey,
  withConduct,
  withoutDecision,
  type Lately,
} from './initiator-window.ts'
import type { WorkflowMemory } from './workflow-memory.ts'
import {
  addSpent,
  joinTaint,
  newWorkflow,
  nothingSpent,
  withLast,
  withoutCause,
  type OpenCall,
  type TaintCauses,
  type WorkflowState,
} from './workflow-state.ts'

/** Takes in the next leaf. */
export function advance(memory: WorkflowMemory, leaf: Leaf): void {
  if (leaf.kind === 'decision') decided(memory, leaf)
  else if (leaf.kind === 'outcome' && leaf.workflow !== undefined)
    reported(memory, leaf, leaf.workflow.id)
}

function decided({ workflows, windows }: WorkflowMemory, leaf: DecisionLeaf): void {
  const { index, iat, project, sub, workflow, conduct } = leaf
  const did = doneBy(leaf)
  const key = windowKey(project, sub)
  const window = windows.get(key) ?? emptyWindow
  const before = workflows.get(workflow.id) ?? begun(leaf, lately(window, iat))
  if (before.at < index) workflows.set(workflow.id, after(before, leaf, did), index)
  if (conduct?.root !== undefined) {
    const root = workflows.get(conduct.root)
    if (root !== undefined && root.at < index)
      workflows.set(conduct.root, shared(root, did, index), index)
  }
  if (did !== null && window.at < index)
    windows.set(key, withConduct(window, did, index, iat), index)
}

/** One that begins without an id begins with what its initiator did lately: it could else be begun to get rid of that. */
function begun(leaf: DecisionLeaf, { isUnknown, taint, spent, servers }: Lately): WorkflowState {
  const state = newWorkflow(leaf)
  return leaf.conduct?.basis === 'inferred' ? { ...state, isUnknown, taint, spent, servers } : state
}

/** What goes ahead; null when nothing does. */
function doneBy(leaf: DecisionLeaf): Lately | null {
  if (answeredEffect(leaf) !== 'permit') return null
  const { conduct, jti, capability } = leaf
  const taint: TaintCauses = Object.fromEntries(
    (conduct?.taint ?? []).map((facet) => [facet, [jti]]),
  )
  return {
    isUnknown: conduct === undefined,
    taint,
    spent: conduct?.cost ?? nothingSpent,
    servers: [capability.server],
  }
}

function after(state: WorkflowState, leaf: DecisionLeaf, did: Lately | null): WorkflowState {
  const { index, phase, purpose } = leaf
  const counted = { ...state, at: index, leaves: state.leaves + 1 }
  if (did === null) return counted
  return {
    ...withConductOf(counted, did),
    purpose: state.purpose ?? (purpose === null ? null : { code: purpose.code }),
    open:
      phase === 'request'
        ? withLast(state.open, callOf(leaf), limits.workflowOpen, isSameDecision)
        : state.open,
  }
}

/** What a call that came from this workflow did counts here too. */
function shared(state: WorkflowState, did: Lately | null, at: number): WorkflowState {
  return did === null ? { ...state, at } : { ...withConductOf(state, did), at }
}

function withConductOf(state: WorkflowState, did: Lately): WorkflowState {
  return {
    ...state,
    isUnknown: state.isUnknown || did.isUnknown,
    taint: joinTaint(state.taint, did.taint),
    spent: addSpent(state.spent, did.spent),
    servers: did.servers.reduce(
      (servers, server) => withLast(servers, server, limits.workflowServers, Object.is),
      state.servers,
    ),
  }
}

function callOf({ jti: id, capability }: DecisionLeaf): OpenCall {
  return { id, server: capability.server, key: capability.key ?? '' }
}

function isSameDecision(a: OpenCall, b: OpenCall): boolean {
  return a.id === b.id
}

function reported({ workflows, windows }: WorkflowMemory, leaf: EventLeaf, id: string): void {
  const { index } = leaf
  const state = workflows.get(id)
  if (state === undefined || state.at >= index) return
  const { decision_id: decision, status } = leaf.event
  workflows.set(id, withOutcome(state, leaf), index)
  if (status !== 'suppressed' || typeof decision !== 'string') return
  const key = windowKey(state.project, state.subject)
  const window = windows.get(key)
  if (window !== undefined && window.at < index)
    windows.set(key, withoutDecision(window, decision, index), index)
  const root = state.root === null ? undefined : workflows.get(state.root)
  if (state.root === null || root === undefined || root.at >= index) return
  workflows.set(
    state.root,
    { ...root, at: index, taint: withoutCause(root.taint, decision) },
    index,
  )
}

/** Only what did not happen is taken back: a call that failed may have done half of it. */
function withOutcome(state: WorkflowState, { index, iat, event }: EventLeaf): WorkflowState {
  const { decision_id: decision, status, is_error: isError } = event
  const call = state.open.find(({ id }) => id === decision)
  const isDone = call !== undefined && status === 'executed' && isError !== true
  return {
    ...state,
    ...{ at: index, leaves: state.leaves + 1 },
    taint: status === 'suppressed' ? withoutCause(state.taint, String(decision)) : state.taint,
    open: state.open.filter(({ id }) => id !== decision),
    done: isDone
      ? withLast(state.done, { ...call, at: iat }, limits.workflowDone, isSameCapability)
      : state.done,
  }
}

function isSameCapability(a: OpenCall, b: OpenCall): boolean {
  return a.server === b.server && a.key === b.key
}
