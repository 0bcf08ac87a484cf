// countersign log impact: what a candidate would have decided otherwise of what was really asked. Made for a pull request.

import type { Registry } from '../../../service/contract/registry.ts'
import { canonicalJson } from '../../../service/statement/canonical-json.ts'
import type { Command, Outcome } from '../../command/command.ts'
import { onlyPositional, texts } from '../../policy/arguments.ts'
import { remoteOptions, remoteUsage } from '../../policy/locate-bundles.ts'
import { openPolicySet, type PolicySet, setOptions, setUsage } from '../../policy/policy-set.ts'
import { projectOptions, projectUsage } from '../../policy/project.ts'
import { judgeAll, type Question } from '../replay/judge-all.ts'
import { type Recorded, recordedDecisions } from '../replay/recorded-decisions.ts'
import { openRecorded, recordedOptions, recordedUsage } from '../replay/recorded-source.ts'
import { periodIn, periodOptions, periodUsage } from '../replay/replay.ts'
import { askedAnew } from './asked-anew.ts'
import { Guards } from './guards.ts'
import { type Impact, ImpactTally } from './impact-tally.ts'
import { impactText } from './impact-text.ts'

export const impact: Command = {
  name: 'impact',
  summary: 'what a candidate would have decided otherwise: by rule, by capability, by person',
  usage: `<log> [options]

${recordedUsage}
${setUsage}
${projectUsage}
${remoteUsage}
  --guard <rule>         a rule, or the code of its finding, that must not loosen (repeat it for several)
${periodUsage}

Every recorded decision that policy made is judged by the candidate, on the slice of its own registry; a candidate without
a registry judges on the recorded one. People are named by their pseudonyms. What cannot be judged is counted by its
cause, never guessed: erased or undisclosed input, and questions that another registry would shape otherwise.

Exit code 0: no guard that was named would loosen. 1: one would, or it is neither in the candidate nor in the record; the
candidate fails on a question; or nothing could be judged. 2: an argument or a file cannot be used. 3: a server or a
disk failed.`,
  options: {
    ...{ ...periodOptions, ...setOptions, ...projectOptions, ...remoteOptions },
    ...recordedOptions,
    guard: { type: 'string', multiple: true },
  },
  run: async (call) => {
    const path = onlyPositional(call, 'a log')
    const period = periodIn(call)
    const source = await openRecorded(call, path)
    try {
      const candidate = await openPolicySet(call)
      try {
        const tally = new ImpactTally(new Guards(texts(call, 'guard'), candidate.engine.rules))
        const { judged, unjudged } = tally
        await judgeAll(
          recordedDecisions(source, period, () => undefined),
          { ask: (recorded) => Promise.resolve(asked(recorded, candidate)), judged, unjudged },
        )
        return outcomeOf(tally.impact(), path, candidate)
      } finally {
        await candidate.engine.close()
      }
    } finally {
      source.close()
    }
  },
}

function asked(
  { input, text }: Recorded,
  { engine, registry }: Pick<PolicySet, 'engine'> & { readonly registry: Registry | null },
): Question | { readonly cause: 'shaped_otherwise' } {
  const anew = askedAnew(input, registry)
  if (anew === null) return { cause: 'shaped_otherwise' }
  return { engine, input: anew, text: anew === input ? text : canonicalJson(anew) }
}

function outcomeOf(found: Impact, log: string, { engine }: PolicySet): Outcome {
  const isUnsafe = found.guards.some(
    ({ loosened, met, in_candidate: isKnown }) => loosened > 0 || (met === 0 && isKnown === false),
  )
  const isBlind = found.judged === 0
  return {
    exit: isUnsafe || isBlind || found.candidate_faults > 0 ? 1 : 0,
    json: { log, candidate: engine.policy, ...found },
    text: impactText(found, engine.policy),
  }
}
