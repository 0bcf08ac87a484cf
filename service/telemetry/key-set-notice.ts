/** What an operator is told of the key sets that tenants trust. */
import type { Logger } from 'winston'

/** What is as it should be; everything else is for somebody to look at. */
const ordinary = ['loaded', 'taken_from_disk']

export function tellKeySet(log: Logger): (notice: { readonly event: string }) => void {
  return (notice) => {
    log.log(ordinary.includes(notice.event) ? 'info' : 'warn', 'key set', notice)
  }
}
