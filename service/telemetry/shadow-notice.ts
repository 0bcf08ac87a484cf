/** What an operator is told of a candidate that judges beside the policy. */
import type { Logger } from 'winston'
import type { ShadowNotice } from '../flow/shadow-candidate.ts'
import { describeError } from './service-log.ts'

export function tellShadow(log: Logger, tenant: string): (notice: ShadowNotice) => void {
  return (notice) => {
    switch (notice.event) {
      case 'activated': {
        const { candidate, owner } = notice
        const { revision } = candidate.engine.policy
        const told = { tenant, digest: candidate.digest, revision, owner }
        log.warn('shadow is on: a candidate judges live traffic', told)
        break
      }
      case 'refused': {
        const { digest, reasons, message } = notice.refused
        log.warn('shadow refused a set', { tenant, digest, reasons, reason: message })
        break
      }
      case 'failed':
        log.error('shadow not activated', { tenant, ...describeError(notice.error) })
        break
    }
  }
}
