// countersign log tail: the entries of a running service's log, one a line, as they become durable. After a lost connection
// it goes on behind the last line that it printed, so that no entry is missed or printed twice.

import { setTimeout as sleep } from 'node:timers/promises'
import { PdpError } from '../../../service/contract/error-code.ts'
import { instantText, printable } from '../printable.ts'
import type { Call, Command, Outcome } from '../../command/command.ts'
import { usage } from '../../command/command.ts'
import { noPositional } from '../../command/no-positional.ts'
import { serviceOptions, serviceUsage, streamService } from '../../command/running-service.ts'
import { optionalCount } from '../../policy/arguments.ts'
import type { TailLine } from '../../../service/flow/tail-log.ts'
import { jsonLines } from './json-lines.ts'

export const tail: Command = {
  name: 'tail',
  summary: "the entries of a running service's log, one a line, as they come",
  usage: `[options]

  --after <index>        only what comes after that entry (default: all)
  --follow               go on at the end of the log, through lost connections, until interrupted
  --most <n>             end after so many entries
${serviceUsage}
                         (pdp.audit.read)

With --json each line is the entry with its index, its hash, the bytes of the leaf and what it says: digests and
pseudonyms. To go on later, give the index of the last line as --after.

Exit code 0: printed to its end. 2: an argument cannot be used. 3: the service failed.`,
  options: {
    ...serviceOptions,
    ...{ after: { type: 'string' }, most: { type: 'string' }, follow: { type: 'boolean' } },
  },
  run: tailLog,
}

const firstRest = 500
const longestRest = 30_000

async function tailLog(call: Call): Promise<Outcome> {
  noPositional(call)
  const isFollowed = call.values['follow'] === true
  const after = optionalCount(call, 'after') ?? null
  const most = optionalCount(call, 'most') ?? Infinity
  if (most === 0) throw usage('--most 0: ask for one entry at least.')
  const seen = { last: after, printed: 0 }
  let rest = firstRest
  for (;;) {
    const before = seen.printed
    try {
      await printFrom(call, seen, most, isFollowed)
      if (!isFollowed || seen.printed >= most) break
    } catch (error) {
      // What was never reached is named wrongly, or does not run; what was reached may come back.
      if (!isFollowed || seen.printed === 0 || !isPassing(error)) throw error
    }
    rest = seen.printed > before ? firstRest : Math.min(rest * 2, longestRest)
    await sleep(rest)
  }
  const { last, printed } = seen
  return { exit: 0, json: { entries: printed, next: last }, text: '' }
}

interface Seen {
  /** The index of the last line; null before the first. */
  last: number | null
  printed: number
}

async function printFrom(call: Call, seen: Seen, most: number, isFollowed: boolean): Promise<void> {
  const query = new URLSearchParams({
    ...(seen.last === null ? {} : { after: String(seen.last) }),
    follow: String(isFollowed),
  })
  const body = await streamService(call, `/log/tail?${query.toString()}`)
  for await (const value of jsonLines(body)) {
    const line = value as TailLine
    const expected = seen.last === null ? line.index : seen.last + 1
    if (line.index !== expected)
      throw new PdpError(
        'not_ready',
        `The service sent entry ${String(line.index)} where ${String(expected)} comes next: see "countersign log verify".`,
      )
    call.say(textOf(line), line)
    seen.last = line.index
    seen.printed += 1
    if (seen.printed >= most) return
  }
}

function isPassing(error: unknown): boolean {
  return !(error instanceof PdpError) || error.code === 'not_ready'
}

function textOf({ leaf }: TailLine): string {
  const what =
    leaf.kind === 'decision'
      ? `${leaf.effect} ${leaf.capability.key ?? leaf.capability.kind} at ${leaf.capability.server} ${leaf.reasons.map(({ code }) => code).join(' ')}`
      : leaf.kind.replaceAll('_', ' ')
  return printable(`${String(leaf.index)} ${instantText(leaf.iat)} ${leaf.jti} ${what}`.trimEnd())
}
