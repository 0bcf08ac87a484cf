// The policy input of a recorded decision, once it is the very one that its leaf names: whole, byte for byte. What is not
// whole is never made up.

import type { Reason } from '../../../service/contract/decision.ts'
import type { DecisionLeaf } from '../../../service/contract/leaf.ts'
import { PolicyInput } from '../../../service/contract/policy-input.ts'
import { compileChecker } from '../../../service/contract/validate.ts'
import { canonicalJson } from '../../../service/statement/canonical-json.ts'
import { digestOfText } from '../../../service/statement/digest.ts'
import { disclosedDecision, isOfLeaf } from '../read/disclosure-of.ts'
import type { NotDisclosed, RecordedEntry } from './recorded-source.ts'

/** `incomplete`: some of its fields were erased or withheld; `altered`: it is not what the leaf commits to. */
export type NoInput = NotDisclosed | 'input_incomplete' | 'input_altered'

export interface RecordedInput {
  readonly input: PolicyInput
  /** Canonical JSON: what the engine was asked. */
  readonly text: string
  /** With parameters, as they were answered. */
  readonly reasons: readonly Reason[]
}

const checkInput = compileChecker(PolicyInput)

export function recordedInput(
  entry: RecordedEntry,
  leaf: DecisionLeaf,
): RecordedInput | { readonly cause: NoInput } {
  const disclosed = entry.disclosed(leaf)
  if (typeof disclosed !== 'string') return disclosed
  if (!isOfLeaf(disclosed, leaf)) return { cause: 'input_altered' }
  const { input, reasons } = disclosedDecision(disclosed)
  // What has that digest is what was judged, whatever its shape.
  const stated = textIn(disclosed, reasons)
  if (isInputOf(leaf, stated)) return { input, text: stated, reasons }
  const text = canonicalJson(input)
  if (isInputOf(leaf, text)) return { input, text, reasons }
  return { cause: checkInput(input).ok ? 'input_altered' : 'input_incomplete' }
}

/**
 * The input as it stands in what is disclosed: in canonical form, if nobody wrote it anew, and writing it takes
 * longer than all else here. The digest says whether it is.
 */
function textIn(disclosed: string, reasons: readonly Reason[]): string {
  const from = disclosed.indexOf(opening) + opening.length
  return disclosed.slice(from, -`,"reasons":${JSON.stringify(reasons)}}}`.length)
}

const opening = '"value":{"input":'

function isInputOf({ input_digest: named }: DecisionLeaf, text: string): boolean {
  return digestOfText(`{"v":"countersign/policy-input/v1","value":${text}}`) === named
}
