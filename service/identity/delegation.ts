/**
 * The delegation chain of an access token: RFC 8693 section 4.1, `act` within `act`, current actor first.
 *
 * An actor adds reasons to deny, never rights. The chain is short, has no loop and names known issuers. Where `may_act`
 * (section 4.4) says who may act, nobody else does.
 */
import { limits } from '../contract/limits.ts'
import type { EvidenceFailure } from '../contract/reason-code.ts'
import { canonicalJson } from '../statement/canonical-json.ts'
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
  let failure = faultOfPermit(payload['may_act'], isObject(act) ? act : null, subject)
  while (act !== undefined && failure === null) {
    if (actors.length === limits.delegationDepth) return refuse('chain_too_deep')
    if (!isActor(act)) return refuse('bad_claim')
    const actor = { iss: act.iss ?? subject.iss, sub: act.sub }
    if (seen.has(nameOf(actor))) return refuse('chain_loop')
    seen.add(nameOf(actor))
    actors.push(actor)
    issuerAssumed ||= act.iss === undefined
    const before = act['act']
    if (isObject(before)) failure = faultOfPermit(before['may_act'], act, subject)
    act = before
  }
  return failure === null ? read({ actors, issuerAssumed }) : refuse(failure)
}

/**
 * Of a token `may_act` says who may be its current actor; of an actor in the chain, who may act next after it. Whatever
 * it says of that party must be so.
 *
 * @param act who does; null: nobody
 */
function faultOfPermit(
  permit: unknown,
  act: JsonMembers | null,
  { iss }: Actor,
): EvidenceFailure | null {
  if (permit === undefined) return null
  if (!isActor(permit) || Object.hasOwn(permit, 'act')) return 'bad_claim'
  if (act === null) return null
  const named: JsonMembers = { iss, ...act }
  const isAllowed = Object.entries({ iss, ...permit }).every(
    ([name, value]) =>
      Object.hasOwn(named, name) && canonicalJson(named[name]) === canonicalJson(value),
  )
  return isAllowed ? null : 'chain_not_allowed'
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
