// countersign log export --format: entries of the published log as lines that other programs read, one bundle of entries in
// memory at a time.

import { leafHash } from '../../../service/audit/merkle.ts'
import { tileWidth } from '../../../service/audit/tile.ts'
import { PdpError } from '../../../service/contract/error-code.ts'
import type { Leaf } from '../../../service/contract/leaf.ts'
import { type Call, type Outcome, usage } from '../../command/command.ts'
import { optionalCount, optionalText, texts } from '../../policy/arguments.ts'
import { disclosedParts, endedIn, isOfLeaf } from '../read/disclosure-of.ts'
import { openJoined } from '../read/joined-files.ts'
import { segmentFolders } from '../read/open-source.ts'
import { firstBundle, PublishedLog } from '../read/published-log.ts'
import { readLeaf } from '../read/read-leaf.ts'
import { anyAskedIn, type Asked, asksForDecision, asksForEvent } from '../reconstruct/asked.ts'
import { passphraseIn } from '../tenant-secret.ts'
import { hex } from '../verify/tree-check.ts'
import { disclosingOf } from './disclosing.ts'
import type { Disclosing } from './exported-files.ts'
import type { ExportedEntry } from './format/exported-entry.ts'
import { type FormatName, formats, isFormat } from './format/formats.ts'
import { readPosition, refuseAhead, writePosition } from './position.ts'
import { SealedDisclosures } from './sealed-disclosures.ts'
import { writeLines } from './write-export.ts'

const text = { type: 'string' } as const
export const formattedOptions = { format: text, after: text, position: text } as const

/** Null when the log itself is asked for. @throws PdpError `usage`. */
export function formatIn(call: Call): FormatName | null {
  const format = optionalText(call, 'format')
  optionalCount(call, 'after')
  if (format !== undefined && isFormat(format)) return format
  if (format !== undefined)
    throw usage(`--format ${format}: write one of ${Object.keys(formats).join(', ')}.`)
  const [given] = ['after', 'position'].filter((name) => call.values[name] !== undefined)
  if (given === undefined) return null
  throw usage(`--${given}: give --format too; the log itself is exported whole.`)
}

/** @throws PdpError `usage`; `not_ready` when a file of the log is missing, or the disk fails. */
export async function exportLines(
  call: Call,
  path: string,
  out: string,
  format: FormatName,
): Promise<Outcome> {
  const asked = askedFor(call)
  const files = await openJoined(path, texts(call, 'archive'))
  try {
    const log = new PublishedLog(files)
    const { origin, size } = log.checkpoint
    const position = optionalText(call, 'position')
    const place = startIn(call, position, origin)
    refuseAhead(place, size, files.name)
    const from = fromFirst(place, log)
    const entries = { written: 0, disclosed: 0 }
    const disclosing = await disclosingFrom(call, path, asked, log)
    await writeLines(out, linesOf({ log, from, asked, disclosing, format, entries }))
    if (position !== undefined) writePosition(position, { origin, next: size })
    return {
      exit: 0,
      json: { out, format, log: { origin, size }, first: from, ...entries, next: size - 1 },
      text: `exported ${String(entries.written)} lines of ${origin} to ${out} (${format}), up to entry ${String(size - 1)}; ${String(entries.disclosed)} with what was disclosed`,
    }
  } finally {
    files.close()
  }
}

function startIn(call: Call, position: string | undefined, origin: string): number {
  const after = optionalCount(call, 'after')
  if (position === undefined) return after === undefined ? 0 : after + 1
  if (after === undefined) return readPosition(position, origin)
  throw usage('Give --after or --position, not both.')
}

/** What goes on must not leave out what was pruned meanwhile; what begins, begins where the log does. @throws PdpError `usage`. */
function fromFirst(asked: number, log: PublishedLog): number {
  const first = firstBundle(log) * tileWidth
  if (asked === 0 || asked >= first) return Math.max(asked, first)
  throw usage(
    `${log.name}: the entries ${String(asked)} to ${String(first - 1)} were pruned; name their archive with --archive.`,
  )
}

/** @throws PdpError `usage`. */
function askedFor(call: Call): Asked {
  const asked = anyAskedIn(call)
  const { initiator = 'hmac:' } = asked
  if (initiator.startsWith('hmac:')) return asked
  throw usage('--initiator: give the pseudonym that leaves have (hmac:…).')
}

/** What may be seen: nothing, unless it is asked for; by the keys of a tenant, or as an export has it. */
async function disclosingFrom(
  call: Call,
  path: string,
  asked: Asked,
  log: PublishedLog,
): Promise<Disclosing> {
  const passphrase = await passphraseIn(call)
  if (call.values['disclose'] !== true) return () => new Map()
  const folders = segmentFolders(path, texts(call, 'archive'))
  if (folders === null) return (from) => log.disclosures(from / tileWidth)
  const sealed = await SealedDisclosures.of(path, passphrase)
  return disclosingOf(folders, asked, sealed, asked.initiator ?? null)
}

interface Lines {
  readonly log: PublishedLog
  /** The first entry. */
  readonly from: number
  readonly asked: Asked
  readonly disclosing: Disclosing
  readonly format: FormatName
  /** Counted while they are written. */
  readonly entries: { written: number; disclosed: number }
}

function* linesOf({ log, from, asked, disclosing, format, entries }: Lines): Generator<string> {
  const { header, line } = formats[format]
  if (header !== '') yield header
  for (let at = Math.floor(from / tileWidth); at < log.bundles; at += 1) {
    const first = at * tileWidth
    const tokens = log.bundle(at) ?? missing(log.name, first)
    const disclosed = disclosing(first, first + tokens.length)
    for (const [i, token] of tokens.entries()) {
      const index = first + i
      const leaf = index < from ? null : chosen(token, index, asked)
      if (leaf === null) continue
      const seen = disclosedTo(leaf, disclosed.get(index))
      const written = line({
        leaf,
        token,
        leafHash: `sha256:${hex(leafHash(token))}`,
        ...seen,
      })
      if (written === null) continue
      entries.written += 1
      if (seen.disclosed !== null) entries.disclosed += 1
      yield written
    }
  }
}

/** @throws PdpError `usage` for what is no leaf: an export must not leave it out in silence. */
function chosen(token: string, index: number, asked: Asked): Leaf | null {
  const reading = readLeaf(token)
  if (!reading.ok)
    throw usage(
      `Entry ${String(index)} cannot be read (${reading.wrong}): see "countersign log verify".`,
    )
  const { leaf } = reading.read
  const persons = { initiator: asked.initiator ?? null, approver: null }
  const isAsked =
    leaf.kind === 'decision'
      ? asksForDecision(asked, leaf, persons)
      : asksForEvent(asked, leaf, persons)
  return isAsked ? leaf : null
}

type Seen = Pick<ExportedEntry, 'disclosed' | 'ended'>

function disclosedTo(leaf: Leaf, text: string | undefined): Seen {
  return text !== undefined && leaf.kind === 'decision' && isOfLeaf(text, leaf)
    ? { disclosed: disclosedParts(text), ended: endedIn(text) }
    : { disclosed: null, ended: [] }
}

function missing(name: string, first: number): never {
  throw new PdpError(
    'not_ready',
    `${name} has not the entries from ${String(first)} on: start the service, which publishes them again, and export then.`,
  )
}
