// `countersign policy diff`: what changes from one policy to another, as written and as decided.

import { type Call, type Command, type Outcome, usage } from '../command/command.ts'
import { optionalText } from './arguments.ts'
import { compareContent } from './compare-content.ts'
import { compareDecisions, type Pair } from './compare-decisions.ts'
import { diffText, type Difference } from './diff-text.ts'
import { goldenOf } from './golden-of.ts'
import { remoteOptions, remoteUsage } from './locate-bundles.ts'
import { openPlace, type PolicySet } from './policy-set.ts'
import { readQuestions } from './question-file.ts'
import { slicedAnew } from './slice-anew.ts'

export const diff: Command = {
  name: 'diff',
  summary: 'what changes from one policy to another: rules, data, and which decisions and why',
  usage: `<a> <b> [options]

  <a> <b>                each a policy repository, a bundle, a directory of bundles, oci://host/repository:tag
                         or a URL
  --queries <file>       recorded questions, one policy input (JSON) a line; the golden cases of b (else of a)
                         are asked in any case
${remoteUsage}

Each question is asked of the engine of either side, on the slice of its own registry; a side without one
takes the other's. Of a recorded question, what the registry shaped before (its data scope) stays as recorded.

Exit code 0: every question is answered as before. 1: some are not. 2: an argument or a file cannot be used.
3: a server or a disk failed.`,
  options: { ...remoteOptions, queries: { type: 'string' } },
  run: diffPolicies,
}

async function diffPolicies(call: Call): Promise<Outcome> {
  const [a, b, ...more] = call.positionals
  if (a === undefined || b === undefined || more.length > 0)
    throw usage('Name two policies: <a> <b>.')
  const file = optionalText(call, 'queries')
  const recorded = file === undefined ? [] : readQuestions(file)
  const before = await openPlace(a, call)
  try {
    const after = await openPlace(b, call)
    try {
      const pairs = [...goldenPairs(before, after), ...recordedPairs(before, after, recorded)]
      return outcomeOf({
        ...compareContent(before.opened, after.opened),
        asked: pairs.length,
        decisions: await compareDecisions(before.engine, after.engine, pairs),
      })
    } finally {
      await after.engine.close()
    }
  } finally {
    await before.engine.close()
  }
}

function goldenPairs(before: PolicySet, after: PolicySet): readonly Pair[] {
  const project = after.project ?? before.project
  if (project === null) return []
  const [old, now] = registriesOf(before, after)
  const was = goldenOf(project, old)
  return [...goldenOf(project, now)].map(([name, input]) => ({
    name,
    before: was.get(name) ?? input,
    after: input,
  }))
}

function recordedPairs(
  before: PolicySet,
  after: PolicySet,
  recorded: ReturnType<typeof readQuestions>,
): readonly Pair[] {
  const [old, now] = registriesOf(before, after)
  return recorded.map(({ name, input }) => ({
    name,
    before: slicedAnew(input, old),
    after: slicedAnew(input, now),
  }))
}

function registriesOf(before: PolicySet, after: PolicySet) {
  return [before.registry ?? after.registry, after.registry ?? before.registry] as const
}

function outcomeOf(difference: Difference): Outcome {
  return {
    exit: difference.decisions.length === 0 ? 0 : 1,
    json: difference,
    text: diffText(difference),
  }
}
