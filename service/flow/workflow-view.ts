/** How a workflow stands, for whoever looks after it. */
import { taintFacets } from '../contract/workflow.ts'
import type { WorkflowView } from '../contract/workflow-view.ts'
import type { OpenCall, WorkflowState } from '../workflow/workflow-state.ts'

export function workflowViewOf(tenant: string, id: string, state: WorkflowState): WorkflowView {
  const { project, subject, root, parent, depth, spent, servers, purpose } = state
  return {
    ...{ tenant, id, project, initiator: subject, root, parent_decision_id: parent, depth },
    is_past_known: !state.isUnknown,
    taint: taintFacets.flatMap((facet) => {
      const decisions = state.taint[facet]
      return decisions === undefined ? [] : [{ facet, decisions: [...decisions] }]
    }),
    ...{ spent, servers: [...servers], purpose: purpose?.code ?? null },
    unreported: state.open.map(callOf),
    done: state.done.map((call) => ({
      ...callOf(call),
      at: new Date(call.at * 1000).toISOString(),
    })),
    entries: state.leaves,
  }
}

function callOf({ id, server, key }: OpenCall): WorkflowView['unreported'][number] {
  return { decision_id: id, server, capability: key }
}
