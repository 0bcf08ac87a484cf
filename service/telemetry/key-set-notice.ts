/** What an operator is told of the key sets that tenants trust, of status lists, and of documents of agents. */
import type { Logger } from 'winston'

/** What is as it should be; everything else is for somebody to look at. */
const ordinary = ['loaded', 'taken_from_disk', 'list_loaded', 'document_loaded']

type Tell = (notice: { readonly event: string }) => void

export function tellKeySet(log: Logger): Tell {
  return tell(log, 'key set')
}

export function tellStatusList(log: Logger): Tell {
  return tell(log, 'status list')
}

export function tellAgentDocument(log: Logger): Tell {
  return tell(log, 'agent document')
}

function tell(log: Logger, what: string): Tell {
  return (notice) => {
    log.log(ordinary.includes(notice.event) ? 'info' : 'warn', what, notice)
  }
}
