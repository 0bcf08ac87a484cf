/**
 * `GET /log/tail`: the entries of the caller's log as lines of JSON, as they become durable. A reader that lost its connection
 * asks again with the index of the last line that it has; nothing is kept here for it.
 */
import type { ServerResponse } from 'node:http'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { PdpError } from '../../contract/error-code.ts'
import { limits } from '../../contract/limits.ts'
import { tailPage, type TailLine } from '../../flow/tail-log.ts'
import type { AuditLog } from '../../port/audit-log.ts'
import { authenticatePep } from '../authenticate-pep.ts'
import { queryParameters, refused } from '../query-parameters.ts'
import type { Handler, Route, Service } from '../service.ts'

const scope = 'pdp.audit.read'
const type = 'application/x-ndjson'

/** Streams that are open, by the log that they read. */
const open = new WeakMap<AuditLog, number>()

const getTail: Handler = async (request, response, service) => {
  const { tenant } = await authenticatePep(request, service, { scope })
  const { after, follow } = queryParameters(request, ['after', 'follow'])
  const { audit } = tenant
  const first = audit.first()
  const from = after === undefined ? first : placeOf(after) + 1
  if (from < first)
    throw refused(
      `Entries before ${String(first)} were pruned: read them in the archive, and go on with after=${String(first - 1)}.`,
    )
  if (from > audit.size())
    throw refused('The log has not come so far: send the index of the last line as `after`.')
  const isFollowed = isFollowedBy(follow)
  const others = open.get(audit) ?? 0
  if (others >= limits.tailStreams)
    throw new PdpError('overloaded', 'Too many streams read this log: end one, or ask again later.')
  open.set(audit, others + 1)
  try {
    response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' })
    await stream(response, service, { audit, from, isFollowed })
    response.end()
  } finally {
    open.set(audit, (open.get(audit) ?? 1) - 1)
  }
}

type Asked = { readonly audit: AuditLog; readonly from: number; readonly isFollowed: boolean }

/** Page by page; a reader that is slow is waited for, and one that is gone ends it. */
async function stream(
  response: ServerResponse,
  service: Service,
  { audit, from, isFollowed }: Asked,
): Promise<void> {
  const gone = new AbortController()
  response.on('close', () => {
    gone.abort()
  })
  let next = from
  let silent = 0
  while (!gone.signal.aborted) {
    const lines = await tailPage(next, audit)
    next += lines.length
    if (lines.length > 0) {
      silent = 0
      await write(response, lines.map(lineOf).join(''), gone.signal)
      continue
    }
    if (!isFollowed || !service.accepting() || audit.failure() !== null) return
    await sleep(limits.tailMilliseconds, null, { signal: gone.signal }).catch(() => undefined)
    silent += limits.tailMilliseconds
    // An empty line is no entry: it keeps the connection, and tells that nothing came.
    if (silent < limits.tailSilenceMilliseconds) continue
    silent = 0
    await write(response, '\n', gone.signal)
  }
}

function lineOf(line: TailLine): string {
  return `${JSON.stringify(line)}\n`
}

async function write(response: ServerResponse, text: string, signal: AbortSignal): Promise<void> {
  if (response.write(text)) return
  await once(response, 'drain', { signal }).catch(() => undefined)
}

function placeOf(text: string): number {
  if (/^(?:0|[1-9]\d{0,14})$/u.test(text)) return Number(text)
  throw refused('Send the index of the last line as `after`: a whole number.')
}

function isFollowedBy(text: string | undefined): boolean {
  if (text === undefined || text === 'false') return false
  if (text === 'true') return true
  throw refused('Write `follow` as true or false.')
}

export const logTailRoute: Route = {
  method: 'get',
  path: '/log/tail',
  handler: getTail,
  operation: {
    id: 'tailLog',
    summary:
      'Every entry as a line of JSON, in order, and with `follow=true` those to come; digests and pseudonyms, nothing that is disclosed',
    scope,
    query: [
      {
        name: 'after',
        description:
          'Index of the last line that the reader has; without it from the first entry that was not pruned',
      },
      { name: 'follow', description: '`true`: go on when the end of the log is reached' },
    ],
    response: type,
    problems: [400],
  },
}
