/** Tells of a request that got no decision: faults of the caller are counted, faults of ours are told to the operator too. */
import { CallerRefusal } from '../contract/caller-failure.ts'
import { problemOf } from './problem.ts'
import type { Service } from './service.ts'

export function report(error: unknown, service: Service): void {
  const { code, status } = problemOf(error)
  service.observe.refused(code)
  const { cause } = error instanceof Error ? error : {}
  if (cause instanceof CallerRefusal) service.observe.callerRefused(cause.tenant, cause.failure)
  if (status >= 500) service.observe.failed(`answered ${String(status)} ${code}`, error)
}
