/**
 * The delegation chain of an access token: RFC 8693 section 4.1, `act` within `act`, current actor first.
 *
 * An actor adds reasons to deny, never rights. The chain is short, has no loop and names known issuers.
 */
import { limits } from '../contract/limits.ts'
import { isText } from './claim.ts'
import { isObject, type JsonMembers } from './parse-token.ts'
import { read, refuse, type Reading } from './reading.ts'

export type Actor = { readonly iss: string; readonly sub: string }

export type Delegation = {
  readonly actors: readonly Actor[]
  /** An actor without `iss` was taken to be of the token's own issuer. */
  readonly issuerAssumed: boolean
}

/** Claims that mean nothing inside `act`; whoever puts them there means something else than we would. */
const meaningless = ['exp', 'nbf', 'iat', 'aud'] as const

/** @param subject whom the token is about: an actor of the same name closes a loop. */
export function readDelegation(payload: JsonMembers, subject: Actor): Reading<Delegation> {
  const actors: Actor[] = []
  const seen = new Set([nameOf(subject)])
  let issuerAssumed = false
  let act = payload['act']
  while (act !== undefined) {
    if (actors.length === limits.delegationDepth) return refuse('chain_too_deep')
    if (!isActor(act)) return refuse('bad_claim')
    const actor = { iss: act.iss ?? subject.iss, sub: act.sub }
    if (seen.has(nameOf(actor))) return refuse('chain_loop')
    seen.add(nameOf(actor))
    actors.push(actor)
    issuerAssumed ||= act.iss === undefined
    act = act['act']
  }
  return read({ actors, issuerAssumed })
}

/** @param issuers those that the tenant trusts for initiators; with several, each actor must name its own. */
export function isOfIssuers(delegation: Delegation, issuers: readonly string[]): boolean {
  if (delegation.issuerAssumed && issuers.length > 1) return false
  return delegation.actors.every((actor) => issuers.includes(actor.iss))
}

function isActor(
  act: unknown,
): act is JsonMembers & { readonly iss?: string; readonly sub: string } {
  if (!isObject(act) || meaningless.some((name) => Object.hasOwn(act, name))) return false
  return isText(act['sub']) && (act['iss'] === undefined || isText(act['iss']))
}

function nameOf(actor: Actor): string {
  return JSON.stringify([actor.iss, actor.sub])
}
