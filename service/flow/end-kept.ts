/**
 * Ends what has been kept as long as the tenant's registry says, class by class. The leaf says it before it is done, so that no
 * crash can leave it half done and unsaid.
 */
import { keepingFor, endOf } from '../audit/keeping.ts'
import type { Retention } from '../contract/erasure.ts'
import type { PolicyEngine } from '../port/policy-engine.ts'
import { appendEvent, type EventPorts } from './record-event.ts'

export type EndKeptPorts = EventPorts & { readonly policy: () => PolicyEngine | null }

/**
 * The classes that it ended something of. Without a policy nobody has said how long anything is kept, and nothing ends.
 *
 * @throws PdpError `audit_unavailable`; what is left is ended the next time.
 */
export async function endKept(ports: EndKeptPorts): Promise<readonly string[]> {
  const { audit, clock } = ports
  const registry = ports.policy()?.registry ?? null
  if (registry === null) return []
  const { keepDays } = keepingFor(registry, null)
  const now = Math.floor(clock.now() / 1000)
  const ended: string[] = []
  for (const name of audit.classesHeld()) {
    const days = keepDays(name)
    const before = endOf(days, now)
    if (days === null || before === null || !audit.holdsBefore(name, before)) continue
    // Resolves when the leaf is durable and the keys are destroyed, in that order; after a crash opening the log destroys them.
    await appendEvent(ports, 'erasure', {
      ...{ kind: 'retention', class: name, before, keep_days: days },
    } satisfies Retention)
    ended.push(name)
  }
  if (ended.length > 0) await audit.scrub()
  return ended
}
