// What was wanted against what came: only the members that are wanted are looked at.

import type { DecisionAnswer } from '../../service/contract/decision.ts'
import type { AskStep } from './scenario-file.ts'

/** What a step's `want` is held against: an effect, the members that it names, or how often each effect came. */
export function answeredEffects(
  answers: readonly DecisionAnswer[],
  { times, want }: AskStep,
): unknown {
  if (times !== undefined) {
    const count = (name: string): number => answers.filter(({ effect }) => effect === name).length
    return Object.fromEntries(Object.keys(want).map((name) => [name, count(name)]))
  }
  const [answer] = answers
  if (answer === undefined || typeof want === 'string') return answer?.effect
  const all: Readonly<Record<string, unknown>> = {
    effect: answer.effect,
    codes: answer.reasons.map(({ code }) => code).sort(),
    hold: answer.hold?.kind ?? 'none',
    obligations: answer.obligations.map(({ id }) => id).sort(),
  }
  return Object.fromEntries(Object.keys(want).map((name) => [name, all[name]]))
}

/** One line that says how they differ; null when they do not. Order counts in a list, save in one of names of an answer. */
export function differenceOf(wanted: unknown, came: unknown): string | null {
  if (Array.isArray(wanted) && Array.isArray(came)) return listDifference(wanted, came)
  const [want, got] = [canonical(wanted), canonical(came)]
  return want === got ? null : `wanted ${want}, and ${got} came`
}

function listDifference(wanted: readonly unknown[], came: readonly unknown[]): string | null {
  const at = Array.from({ length: Math.max(wanted.length, came.length) }, (_, i) => i).find(
    (i) => wanted[i] !== came[i],
  )
  if (at === undefined) return null
  const said = (list: readonly unknown[]): string =>
    at < list.length ? String(list[at]) : 'the end'
  return `entry ${String(at + 1)}: wanted "${said(wanted)}", and "${said(came)}" came`
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) => {
    if (Array.isArray(member)) return [...(member as readonly unknown[])].sort()
    if (typeof member !== 'object' || member === null) return member
    return Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}
