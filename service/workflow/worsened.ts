/**
 * Whether a workflow is worse than when a permit in it was judged: then it is judged again, by policy and never here.
 *
 * Asked in the order of the log, so that of two queries at once the second cannot spend what the first has spent.
 */
import { spendings, type Budgets, type Spent } from '../contract/workflow.ts'
import type { WorkflowRef, WorkflowSeen } from './workflow-facts.ts'

export type WorkflowStanding = {
  readonly ref: WorkflowRef
  /** What policy was told. */
  readonly seen: WorkflowSeen
  readonly cost: Spent
  readonly server: string
  /** All that bound it. */
  readonly budgets: readonly Budgets[]
}

export function isWorse(now: WorkflowSeen, standing: WorkflowStanding): boolean {
  const { seen, budgets } = standing
  return (
    isTainted(now, seen) ||
    now.purpose?.code !== seen.purpose?.code ||
    budgets.some((budget) => isOver(now, budget, standing))
  )
}

function isTainted({ taint }: WorkflowSeen, before: WorkflowSeen): boolean {
  return taint.some(({ facet }) => !before.taint.some((known) => known.facet === facet))
}

function isOver(now: WorkflowSeen, budget: Budgets, { cost, server }: WorkflowStanding): boolean {
  const isSpent = spendings.some((name) => {
    const most = budget[name]
    return most !== undefined && cost[name] > 0 && now.spent[name] + cost[name] > most
  })
  const { servers: most } = budget
  return (
    isSpent || (most !== undefined && !now.servers.includes(server) && now.servers.length >= most)
  )
}
