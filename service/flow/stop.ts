/** Sets and lifts kill switches: each is a leaf before it is answered, and the very next question meets it. */
import { PdpError } from '../contract/error-code.ts'
import type { Stop, StopScope, StoppedScope } from '../contract/stop.ts'
import { pseudonymOf } from '../statement/digest.ts'
import { recordEvent, type EventPorts } from './record-event.ts'

export type StopPorts = EventPorts & { readonly pseudonymKey: Uint8Array }

/** @throws PdpError `audit_unavailable`; then nothing is stopped. */
export async function setStop(
  { scope, reason, by }: { scope: StopScope; reason: string; by: string },
  ports: StopPorts,
): Promise<Stop> {
  const stopped = stoppedScope(scope, ports.pseudonymKey)
  const id = await recordEvent(ports, 'kill_switch', { scope: stopped, reason, by })
  const stop = ports.audit.stops.standing().find((standing) => standing.id === id)
  if (stop === undefined)
    throw new PdpError('internal', 'The stop was recorded and does not stand.')
  return stop
}

/** @throws PdpError `not_found`, `audit_unavailable`. */
export async function liftStop(
  { id, reason, by }: { id: string; reason: string; by: string },
  ports: StopPorts,
): Promise<void> {
  if (!ports.audit.stops.has(id))
    throw new PdpError('not_found', 'No stop of this id stands: name one of the list.')
  await recordEvent(ports, 'kill_switch_lifted', { id, reason, by })
}

function stoppedScope(scope: StopScope, key: Uint8Array): StoppedScope {
  return scope.kind === 'initiator'
    ? { kind: 'initiator', subject: pseudonymOf(key, scope.iss, scope.sub) }
    : scope
}
