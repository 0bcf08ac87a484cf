// A timeline in words: who asked, through which proven workload, what, why, what policy said, and what then ran.

import type { VerifiedInitiator, VerifiedServer } from '../../../service/contract/policy-input.ts'
import { printable } from '../printable.ts'
import type { Consent, DecisionStep, EventStep, Step, Timeline } from './steps.ts'

/** Lines that show text of the log printable. */
export function timelineText({ steps, missing }: Timeline): readonly string[] {
  const lines = steps.flatMap((step) => ['', ...stepLines(step)])
  const absent =
    missing.length === 0
      ? ['', 'Nothing is missing: every permit has its outcome and every hold its answer.']
      : ['', 'Missing:', ...missing.map(({ index, text }) => `  leaf ${String(index)}: ${text}`)]
  return [...lines, ...(steps.length === 0 && missing.length === 0 ? [] : absent)].map((line) =>
    printable(line),
  )
}

function stepLines(step: Step): readonly string[] {
  return step.kind === 'decision' ? decisionLines(step) : eventLines(step)
}

function eventLines({ at, index, kind, event }: EventStep): readonly string[] {
  const members = Object.entries(event).filter(([name]) => name !== 'bundles')
  const said = members.map(([name, value]) => `${name} ${plain(value)}`).join(', ')
  return [`${at}  leaf ${String(index)}  ${kind.replaceAll('_', ' ')}`, `  ${said}`]
}

function decisionLines(step: DecisionStep): readonly string[] {
  const { at, index, decision_id: id, what, why, said, hold, outcome, workflow } = step
  const key = what.key ?? `${what.kind} that is not registered`
  return [
    `${at}  leaf ${String(index)}  ${said.answered}  ${key} at ${what.server}`,
    `  record    ${id}, number ${String(workflow.seq)} of ${workflow.id}`,
    `  asked     ${asker(step)}`,
    `  workload  ${workloadText(step.workload)}`,
    `  what      ${what.phase} in ${what.project}/${what.environment}${wanted(what)}`,
    `  why       ${why === null ? 'no purpose was proved' : `${why.code} by the grant ${why.grant_id}`}`,
    ...policyLines(said),
    ...(hold === null ? [] : [`  waits     ${holdText(hold)}`]),
    ...step.consents.map((consent) => `  consent   ${consentText(consent)}`),
    ...(outcome === null ? [] : [`  then      ${outcomeText(outcome)}`]),
  ]
}

function asker({ who }: DecisionStep): string {
  const name = who.initiator ?? 'nobody who was proved'
  const chain = who.actors.length === 0 ? '' : `, acting for them ${who.actors.join(' for ')}`
  const known = who.disclosed === null ? '' : ` (${personText(who.disclosed)})`
  return `${name}${known}${chain}, through the gateway ${who.gateway}`
}

function personText({ grade, iss, sub, client_id: client, delegation }: VerifiedInitiator): string {
  const chain = delegation.map((actor) => ` for ${actor.sub}`).join('')
  return `${sub ?? 'nobody'} of ${iss ?? 'no issuer'} by ${client ?? 'no client'}${chain}, ${grade}`
}

function workloadText({ evidence, disclosed }: DecisionStep['workload']): string {
  const proofs = `${String(evidence.length)} token${evidence.length === 1 ? '' : 's'} relied on`
  return disclosed === null ? `not disclosed; ${proofs}` : `${serverText(disclosed)}; ${proofs}`
}

function serverText({ grade, spiffe_id: id, platform, launch }: VerifiedServer): string {
  const proved = id ?? platform?.issuer ?? launch
  return proved === null ? 'none was proved' : `${proved} by ${grade}`
}

function wanted({ disclosed, action_digest: action }: DecisionStep['what']): string {
  const given = disclosed === null ? '' : `: ${disclosed.name ?? ''} ${plain(disclosed.arguments)}`
  return `${given}; action ${action}`
}

function policyLines(said: DecisionStep['said']): readonly string[] {
  const { effect, answered, observed, source, reasons, rules, policy } = said
  const by = policy === null ? 'no policy' : policy.digest
  const judged = source === 'policy' ? effect : `${effect} (${source}: policy did not decide)`
  return [
    `  policy    ${judged}${rules.length === 0 ? '' : ` by ${rules.join(', ')}`}; ${by}`,
    ...reasons.map(({ code, rule, params }) => {
      const from = rule === undefined || rule === code ? '' : ` of ${rule}`
      return `            ${code}${from}${params === undefined ? '' : ` ${plain(params)}`}`
    }),
    ...(observed === null
      ? []
      : [
          `  observed  answered ${answered} until ${observed.expires_at} on the word of ${observed.by.map(({ owner }) => owner).join(', ')}`,
        ]),
  ]
}

function holdText(hold: NonNullable<DecisionStep['hold']>): string {
  const whose = hold.group === null ? '' : ` by ${String(hold.quorum ?? 1)} of ${hold.group}`
  const end =
    hold.answered_by === null
      ? `until ${hold.expires_at}`
      : `answered by leaf ${String(hold.answered_by)}`
  return `${hold.kind}${whose} (${hold.id}), ${end}`
}

function consentText({ at, index, voter, person, assurance, shown_digest }: Consent): string {
  const known = voter === person ? '' : ` (the person ${person})`
  return `${voter}${known}, ${assurance.replaceAll('_', ' ')}, at ${at} (leaf ${String(index)}), was shown ${shown_digest}`
}

function outcomeText({ status, at, index, event }: NonNullable<DecisionStep['outcome']>): string {
  const error = event['is_error'] === true ? ' with an error' : ''
  return `${status}${error} at ${at} (leaf ${String(index)})`
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
