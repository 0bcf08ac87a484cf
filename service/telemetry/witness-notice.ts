/** What an operator is told of the witnesses of a log: a line for each change, none for what stays the same. */
import type { Logger } from 'winston'
import type { WitnessNotice } from '../flow/witnessing.ts'

export function tellWitness(log: Logger, tenant: string): (notice: WitnessNotice) => void {
  return (notice) => {
    switch (notice.event) {
      case 'failed':
        log.warn('a witness does not cosign', { tenant, ...notice })
        break
      case 'disputed':
        log.error('a witness disputes the log', { tenant, ...notice })
        break
      case 'quorum_missing':
        log.error('the log lacks the quorum of its witnesses', { tenant, ...notice })
        break
      case 'cosigns_again':
      case 'quorum_met':
        log.info('witness', { tenant, ...notice })
    }
  }
}
