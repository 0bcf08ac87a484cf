/**
 * Input that a server asks of the client, and the client's answer: one pair of questions for both
 * eras. How the two travel differs, and is the affair of `rounds.ts` (modern) and `asks.ts` (legacy).
 */
import type { Query } from '../../../service/contract/query.ts'
import type { Ask, Caller } from './ask.ts'
import { inputKindOf, type InputKind } from './control-points.ts'
import { objectOf, type JsonObject } from './message.ts'
import type { Ruling } from './ruling.ts'

export type Input = {
  readonly kind: InputKind
  readonly method: string
  /** As the server sent them: the answer is judged against what was asked, not against what was left of it. */
  readonly params: JsonObject
  /** The key in `inputRequests`, or the id of the server's own request. */
  readonly key: string
  readonly round: number
  readonly version: string
}

/** @returns null for anything but sampling, elicitation and roots. */
export function inputOf(
  asked: JsonObject | null,
  place: Pick<Input, 'key' | 'round' | 'version'>,
): Input | null {
  const kind = inputKindOf(asked?.['method'])
  if (asked === null || kind === null) return null
  return {
    ...place,
    kind,
    method: String(asked['method']),
    params: objectOf(asked['params']) ?? {},
  }
}

/** May the server ask this? */
export function ruleAsked(ask: Ask, caller: Caller, input: Input): Promise<Ruling> {
  const question = {
    phase: 'input_request' as const,
    capability: { kind: input.kind },
    protocol: protocolOf(input),
    workflow: { round: input.round, input_key: input.key },
    ...contentOf(input.kind, input.params),
  }
  return ask.rule(caller, question, input.params)
}

/** May this answer go back to it? @param decision the one that let it be asked. */
export function ruleAnswered(
  ask: Ask,
  caller: Caller,
  input: Input,
  decision: string,
  answer: JsonObject,
): Promise<Ruling> {
  const question = {
    phase: 'input_response' as const,
    capability: { kind: input.kind, definition: input.params },
    protocol: protocolOf(input),
    workflow: { round: input.round, input_key: input.key, parent_decision_id: decision },
    ...contentOf(input.kind, answer),
  }
  return ask.rule(caller, question, answer)
}

function protocolOf({ method, version }: Input): Query['protocol'] {
  return { version, method }
}

function contentOf(kind: InputKind, content: JsonObject): Pick<Query, 'sampling' | 'elicitation'> {
  return kind === 'roots' ? {} : { [kind]: content }
}
