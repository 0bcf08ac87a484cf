// `countersign policy shadow`: what a candidate would have decided otherwise on live traffic, by rule.

import type { Comparison, ShadowReport, ShadowState } from '../../service/contract/shadow-report.ts'
import { noPositional } from '../command/no-positional.ts'
import type { Command } from '../command/command.ts'
import { askService, serviceOptions, serviceUsage } from '../command/running-service.ts'

export const shadow: Command = {
  name: 'shadow',
  summary: 'what a candidate that judges live traffic would have decided otherwise, by rule',
  usage: `[options]

The candidate is what "bundles"."shadow" of the tenant's configuration names; it decides nothing.
${serviceUsage}

Exit code 1 when there is nothing to go by: no candidate, or a newer one that was refused; and when anything
would have been decided otherwise.`,
  options: serviceOptions,
  run: async (call) => {
    noPositional(call)
    const report = (await askService(call, 'GET', '/v1/policy/shadow')) as ShadowReport
    return { exit: isQuiet(report) ? 0 : 1, json: report, text: describe(report) }
  },
}

function isQuiet({ shadow: state }: ShadowReport): boolean {
  if ((state?.candidate ?? null) === null || state?.refused !== null) return false
  return (state.comparison?.changed ?? 0) === 0
}

function describe({ tenant, shadow: state }: ShadowReport): string {
  const lines =
    state === null
      ? ['shadow     off: "bundles"."shadow" of the configuration names no sources']
      : [...describeCandidate(state), ...describeSources(state), ...describeComparison(state)]
  return [`tenant     ${tenant}`, ...lines].join('\n')
}

function describeCandidate({ owner, candidate, refused }: ShadowState): string[] {
  return [
    candidate === null
      ? `candidate  none yet, owner ${owner}`
      : `candidate  ${candidate.digest}\nrevision   ${candidate.revision}, since ${candidate.activated_at}, owner ${owner}`,
    ...(refused === null
      ? []
      : [`refused    ${refused.digest} at ${refused.at}: ${refused.message}`]),
  ]
}

function describeSources({ sources }: ShadowState): string[] {
  return sources.map(({ kind, location, error, confirmed_at: at }) => {
    const said = error === null ? `answered ${at ?? 'never'}` : `failed (${error})`
    return `source     ${kind} ${location}: ${said}`
  })
}

function describeComparison({ comparison }: ShadowState): string[] {
  if (comparison === null) return ['queries    none were compared yet']
  const { queries, changed, dropped, active, since } = comparison
  return [
    `beside     ${active ?? 'no policy'}`,
    `queries    ${String(queries)} since ${since}, ${String(changed)} otherwise; ${String(dropped)} not compared`,
    ...describeChanges(comparison),
  ]
}

function describeChanges({ effects, rules, more_rules: more }: Comparison): string[] {
  return [
    ...effects.map(
      ({ from, to, queries, decisions }) =>
        `effect     ${from} -> ${to}: ${String(queries)}, such as ${newest(decisions)}`,
    ),
    ...rules.map(
      ({ code, added, removed, decisions }) =>
        `rule       ${code}: ${counted(added, removed)}, such as ${newest(decisions)}`,
    ),
    ...(more === 0 ? [] : [`rule       ${String(more)} changes of further codes`]),
  ]
}

function counted(added: number, removed: number): string {
  return [added > 0 ? `+${String(added)}` : '', removed > 0 ? `-${String(removed)}` : '']
    .filter((part) => part !== '')
    .join(' ')
}

/** The newest: its record is the likeliest to be looked at, with `countersign policy explain <id>`. */
function newest(decisions: readonly string[]): string {
  return decisions.at(-1) ?? 'none'
}
