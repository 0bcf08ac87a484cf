// Files of a proposal. What is there already is never changed without a word: a part of the registry gains members
// and loses none, a page of ours is written again and said to be, and any other file stays as it is.

import { existsSync } from 'node:fs'
import { usage } from '../command/command.ts'
import { jsonText } from '../command/json-text.ts'
import { readGiven, readJson } from '../command/read-file.ts'
import { shortest } from '../policy/remark.ts'
import { pageMark } from './review-page.ts'

export interface ProposedFile {
  readonly path: string
  /** JSON, or the text of a page. */
  readonly content: unknown
  /** `add`: members that join those of the file. `once`: kept if it is there. `page`: written again if it is ours. */
  readonly how: 'add' | 'once' | 'page'
}

export interface PlannedFile {
  readonly path: string
  /** Null: nothing is to be written. */
  readonly content: string | null
  readonly did: 'wrote' | 'added to' | 'replaced' | 'kept' | 'unchanged'
}

/** @throws PdpError `usage` when a file that is there cannot be read or added to. */
export function plan({ path, content, how }: ProposedFile): PlannedFile {
  const text = typeof content === 'string' ? content : fileOf(content)
  if (!existsSync(path)) return { path, content: text, did: 'wrote' }
  const there = Buffer.from(readGiven(path, 'a project whose files can be read')).toString('utf8')
  const next = how === 'add' ? addedTo(path, there, content) : text
  if (there === next) return { path, content: null, did: 'unchanged' }
  if (how === 'once' || (how === 'page' && !there.startsWith(pageMark)))
    return { path, content: null, did: 'kept' }
  return { path, content: next, did: how === 'add' ? 'added to' : 'replaced' }
}

export function describe({ path, did }: PlannedFile): string {
  const file = shortest(path)
  return did === 'kept'
    ? `kept ${file}: it is there and says otherwise; move it away to have it proposed`
    : `${did} ${file}`
}

/** Where nothing new comes, not a byte changes: the file may be formatted otherwise. */
function addedTo(path: string, there: string, added: unknown): string {
  const before = readJson(path, 'a part of the registry')
  const after = joined(before, added, path)
  return JSON.stringify(after) === JSON.stringify(before) ? there : fileOf(after)
}

function fileOf(value: unknown): string {
  return `${jsonText(value)}\n`
}

function joined(there: unknown, added: unknown, path: string): unknown {
  if (!isObject(there) || !isObject(added))
    throw usage(`${path} cannot be added to: move what it says to another file.`)
  const rest = Object.entries(added).map(([name, value]) => {
    const before = Object.hasOwn(there, name) ? there[name] : undefined
    return [name, before === undefined ? value : joined(before, value, path)] as const
  })
  return { ...there, ...Object.fromEntries(rest) }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
