/** What an operator is told of a tenant's policy: a line for each change, none for what stays the same. */
import type { Logger } from 'winston'
import type { PolicyNotice } from '../flow/policy-life.ts'
import { describeError } from './service-log.ts'

export function tellPolicy(log: Logger, tenant: string): (notice: PolicyNotice) => void {
  return (notice) => {
    switch (notice.event) {
      case 'activated': {
        const { digest, revision } = notice.set
        const { kind, by, from } = notice.cause
        log.info('policy activated', { tenant, digest, revision, cause: kind, by, from })
        for (const { not_before: begins, expires_at: ends, ...entry } of notice.observe)
          log.warn('observe is on: denials and holds of its scope are answered with permit', {
            tenant,
            observe: { ...entry, from: instant(begins), until: instant(ends) },
          })
        break
      }
      case 'refused': {
        const { digest, reasons, message } = notice.refused
        log.warn('policy refused', { tenant, digest, reasons, reason: message })
        break
      }
      case 'failed':
        log.error('policy not activated', { tenant, ...describeError(notice.error) })
        break
    }
  }
}

function instant(seconds: number): string {
  return new Date(seconds * 1000).toISOString()
}
