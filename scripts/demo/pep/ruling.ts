/**
 * What an answer of the PDP means for the gateway: pass, with the obligations carried out, or refuse.
 *
 * Only a permit whose every obligation was carried out passes. Denials, holds, no decision at all, a
 * permit that has run out and an obligation of an unknown type are refused.
 */
import type { DecisionAnswer } from '../../../service/contract/decision.ts'
import type { JsonObject, RpcError } from './message.ts'
import { obligationOf } from './obligations.ts'

export type Ruling =
  | { readonly pass: true; readonly content: JsonObject; readonly answer: DecisionAnswer }
  | { readonly pass: false; readonly error: RpcError; readonly answer: DecisionAnswer | null }

/** @param content what was asked about; obligations change it. */
export function ruleOn(answer: DecisionAnswer | null, content: JsonObject, now: number): Ruling {
  if (answer === null) return refuse(null, 'No decision could be had')
  if (answer.effect !== 'permit') {
    const { error } = answer.mcp ?? {}
    return error === undefined
      ? refuse(answer, 'Denied by policy')
      : { pass: false, error: error as RpcError, answer }
  }
  if (!(Date.parse(answer.binding.valid_until) > now))
    return refuse(answer, 'The permit has run out')
  let changed: JsonObject | null = content
  for (const { type, properties } of answer.obligations) {
    changed = changed === null ? null : (obligationOf(type)?.(changed, properties) ?? null)
  }
  return changed === null
    ? refuse(answer, 'An obligation cannot be carried out')
    : { pass: true, content: changed, answer }
}

function refuse(answer: DecisionAnswer | null, message: string): Ruling {
  return { pass: false, error: { code: -32001, message }, answer }
}
