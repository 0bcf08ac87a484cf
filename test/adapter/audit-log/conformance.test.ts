import type { AuditLogOptions } from '../../../service/adapter/audit-log/open-audit-log.ts'
import type { LogHarness } from '../../port/audit-log-drafts.ts'
import { auditLogSuite } from '../../port/audit-log.suite.ts'
import { TemporaryLogs } from './temporary-log.ts'

const kinds: readonly (readonly [string, Partial<AuditLogOptions>])[] = [
  ['files, ES256', {}],
  ['files, Ed25519', { algorithm: 'Ed25519' }],
  ['files, an entry or two a segment', { segmentBytes: 8 * 1024 }],
  ['files, a memory of two workflows and requests', { remembered: 2 }],
]

for (const [name, options] of kinds) {
  auditLogSuite(name, true, (): LogHarness => {
    const logs = new TemporaryLogs()
    const directory = logs.directory()
    return {
      open: () => logs.open(directory, options),
      afterCrash: () => logs.open(logs.crashCopy(directory), options),
      clean: () => logs.clean(),
    }
  })
}
