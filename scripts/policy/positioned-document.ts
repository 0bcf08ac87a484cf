// A JSON or YAML file that a person wrote: its value, and where each member of it stands, for messages that
// an editor can follow (file:line:column).

import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import type { Document, Node, Pair } from 'yaml'
import { limits } from '../../service/contract/limits.ts'
import { parseStrictJson } from '../../service/contract/strict-json.ts'
import type { Remark } from './remark.ts'
import { readGiven } from '../command/read-file.ts'

export interface Place {
  readonly file: string
  /** From 1, as editors count. */
  readonly line: number
  readonly column: number
}

export interface PositionedDocument {
  readonly file: string
  readonly value: unknown
  /** The place of the member that a JSON Pointer names, or of the nearest one above that is there. */
  readonly placeOf: (pointer: string) => Place
}

const jsonLimits = { depth: limits.bundleJsonDepth, members: 1_000_000 }
/** What aliases may expand to: a document that grows out of little is refused. */
const maxAliasCount = 1000

/**
 * The document of a file, or what is wrong with its syntax.
 *
 * @throws PdpError `usage` when the file cannot be read.
 */
export function readPositioned(
  file: string,
  what = 'a JSON or YAML file',
): PositionedDocument | readonly Remark[] {
  return parsePositioned(file, readGiven(file, what))
}

export function parsePositioned(
  file: string,
  bytes: Uint8Array,
): PositionedDocument | readonly Remark[] {
  const lines = new LineCounter()
  const text = new TextDecoder().decode(bytes)
  const document = parseDocument(text, { merge: true, lineCounter: lines, prettyErrors: false })
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  // One is told: those behind it mostly follow from it.
  const [broken] = document.errors
  if (broken !== undefined)
    return [wrong(placeAt(broken.pos[0]), `${broken.message}: mend it here`)]
  try {
    const isJson = file.endsWith('.json')
    return {
      file,
      value: isJson ? parseStrictJson(bytes, jsonLimits) : strictValueOf(document),
      placeOf: (pointer) => placeAt(offsetOf(document, pointer)),
    }
  } catch (error) {
    return [wrong(placeAt(0), error instanceof Error ? error.message : String(error))]
  }
}

function wrong(place: Place, message: string): Remark {
  return { ...place, severity: 'error', code: 'data.syntax', message: message.trim() }
}

/** What the bundle will hold is JSON: what JSON cannot say, or other parsers read otherwise, is refused here. */
function strictValueOf(document: Document): unknown {
  const text = JSON.stringify(document.toJS({ maxAliasCount }) ?? null)
  return parseStrictJson(new TextEncoder().encode(text), jsonLimits)
}

function offsetOf(document: Document, pointer: string): number {
  let node: unknown = document.contents
  let offset = startOf(node) ?? 0
  for (const name of pointer.split('/').slice(1).map(unescaped)) {
    const [at, next] = memberOf(document, node, name)
    if (next === undefined) return offset
    offset = at ?? offset
    node = next
  }
  return offset
}

type Found = readonly [offset: number | undefined, node: unknown]

function memberOf(document: Document, given: unknown, name: string): Found {
  const node = resolved(document, given)
  if (isSeq(node)) {
    const item = node.items[Number(name)]
    return [startOf(item), item]
  }
  if (!isMap(node)) return [undefined, undefined]
  const pair = node.items.find(({ key }) => nameOf(key) === name)
  if (pair !== undefined) return [startOf(pair.key), pair.value]
  return merged(document, node.items, name)
}

/** A member that a merge key (`<<`) brings stands where its anchor does. */
function merged(document: Document, pairs: readonly Pair[], name: string): Found {
  for (const { key, value } of pairs) {
    if (nameOf(key) !== '<<') continue
    const found = memberOf(document, value, name)
    if (found[1] !== undefined) return found
  }
  return [undefined, undefined]
}

function resolved(document: Document, node: unknown): unknown {
  return isAlias(node) ? node.resolve(document) : node
}

function nameOf(key: unknown): string {
  return isScalar(key) ? String(key.value) : ''
}

function startOf(node: unknown): number | undefined {
  return (node as Node | undefined)?.range?.[0]
}

function unescaped(token: string): string {
  return token.replaceAll('~1', '/').replaceAll('~0', '~')
}
