// The policy input of a recorded decision, once it is the very one that its leaf names: whole, byte for byte. What is not
// whole is never made up.

import type { Reason } from '../../../service/contract/decision.ts'
import type { DecisionLeaf } from '../../../service/contract/leaf.ts'
import { PolicyInput } from '../../../service/contract/policy-input.ts'
import { compileChecker } from '../../../service/contract/validate.ts'
import { canonicalJson } from '../../../service/statement/canonical-json.ts'
import { digestOfText } from '../../../service/statement/digest.ts'
import { committedBy, type DisclosedDecision, isOfLeaf } from '../read/disclosure-of.ts'
import { readRecord } from './read-record.ts'
import type { NotDisclosed, RecordedEntry } from './recorded-source.ts'

/**
 * `ended`: classes of it were erased, or their time is over; `incomplete`: some of its fields are missing though no class has ended;
 * `altered`: it is not what the leaf commits to.
 */
export type NoInput = NotDisclosed | 'input_ended' | 'input_incomplete' | 'input_altered'

export interface RecordedInput {
  readonly input: PolicyInput
  /** Canonical JSON: what the engine was asked. */
  readonly text: string
  /** With parameters, as they were answered. */
  readonly reasons: readonly Reason[]
}

export interface Unread {
  readonly cause: NoInput
  /** The classes that have ended. */
  readonly classes?: readonly string[]
}

const checkInput = compileChecker(PolicyInput)

export function recordedInput(entry: RecordedEntry, leaf: DecisionLeaf): RecordedInput | Unread {
  const disclosed = entry.disclosed(leaf)
  if (typeof disclosed !== 'string') return disclosed
  const record = recordIn(disclosed)
  if (record === null) return { cause: 'input_altered' }
  const { value, ended, commits } = record
  if (ended.length > 0)
    return isOfLeaf(disclosed, leaf)
      ? { cause: 'input_ended', classes: ended }
      : { cause: 'input_altered' }
  const { input, reasons } = value as DisclosedDecision
  const text = canonicalJson(input)
  // What has that digest is what was judged, whatever its shape; beside it only the reasons are read, which the other digest binds.
  const isJudged =
    digestOfText(`{"v":"countersign/policy-input/v1","value":${text}}`) === leaf.input_digest
  if (isJudged)
    return commits(committedBy(leaf)) ? { input, text, reasons } : { cause: 'input_altered' }
  if (!isOfLeaf(disclosed, leaf)) return { cause: 'input_altered' }
  return { cause: checkInput(input).ok ? 'input_altered' : 'input_incomplete' }
}

/** Null for what nobody can have written. */
function recordIn(text: string): ReturnType<typeof readRecord> | null {
  try {
    return readRecord(text)
  } catch {
    return null
  }
}
