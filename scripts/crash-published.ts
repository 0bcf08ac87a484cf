/** The published log after a crash: it goes on, its witnesses go on with it, and an auditor's verifier accepts it. */
import { resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { FileAuditLog } from '../service/adapter/audit-log/file-audit-log.ts'
import { verify } from './log/verify/verify.ts'
import { publisherOf, type CrashLog } from './crash-publisher.ts'

/** Attempts until a witness that was being asked at the crash answers again, 50 ms apart. */
const attempts = 100

/** What is not as it must be, in words. */
export async function publicationFaults(
  log: FileAuditLog,
  { directory, policy }: CrashLog,
): Promise<readonly string[]> {
  const publisher = await publisherOf(log, policy)
  const { witnesses } = publisher.ports
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    await publisher.publish()
    const isDone = witnesses === null || witnesses.state().quorum
    if (publisher.failure !== null || publisher.obstacles().length > 0 || isDone) break
    await pause(50)
  }
  const faults = [...publisher.notices(), ...publisher.obstacles()]
  if (publisher.size !== log.size()) {
    faults.push(`${String(publisher.size)} entries are published of ${String(log.size())}`)
  }
  if (witnesses?.state().quorum === false) faults.push('the witnesses have not cosigned')
  const { exit, text } = await verify.run({
    positionals: [resolve(directory)],
    values: policy === null ? {} : { policy },
    ...{ json: false, color: false, say: () => undefined },
  })
  if (exit !== 0) faults.push(text)
  return faults
}
