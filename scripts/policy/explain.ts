// `countersign policy explain`: why, rule by rule, and what would have to change. Here by the engine itself, or at
// a running service by the rooms of its decisions.

import type { Explanation } from '../../service/contract/explanation.ts'
import { type Call, type Command, type Outcome, usage } from '../command/command.ts'
import { readJson } from '../command/read-file.ts'
import { askService, serviceOptions, serviceUsage } from '../command/running-service.ts'
import { onlyPositional } from './arguments.ts'
import { explainInput } from './explain-input.ts'
import { explanationText } from './explanation-text.ts'
import { remoteOptions, remoteUsage } from './locate-bundles.ts'
import { goldenOf } from './golden-of.ts'
import { openPolicySet, type PolicySet, setOptions, setUsage } from './policy-set.ts'
import { projectOptions, projectUsage } from './project.ts'

export const explain: Command = {
  name: 'explain',
  summary: 'why a question is answered as it is: rules, lines, facts, and what would permit it',
  usage: `<question> [options]

  <question>             a file with a policy input, or the name of a golden case ("area: name"); with --url, a
                         file with a query, or the id of a decision (dec_…)
${setUsage}
${projectUsage}
${remoteUsage}

At a running service (when --url, --token-file or --data is given):
${serviceUsage}
                         a query needs the scope pdp.policy.manage; a decision pdp.audit.read, or to be the
                         gateway that asked

Exit code 0: it is permitted. 1: it is not. 2: an argument or a file cannot be used. 3: a service failed.`,
  options: { ...serviceOptions, ...setOptions, ...projectOptions, ...remoteOptions },
  run: async (call) => {
    const question = onlyPositional(call, 'a question')
    const { url, 'token-file': token, data } = call.values
    const isRemote = [url, token, data].some((value) => value !== undefined)
    return outcomeOf(isRemote ? await atService(question, call) : await here(question, call))
  },
}

async function atService(question: string, call: Call): Promise<Explanation> {
  const asked = question.startsWith('dec_')
    ? askService(call, 'GET', `/v1/decisions/${encodeURIComponent(question)}/explanation`)
    : askService(
        call,
        'POST',
        '/v1/explanations',
        readJson(question, 'a query or the id of a decision'),
      )
  return (await asked) as Explanation
}

async function here(question: string, call: Call): Promise<Explanation> {
  const set = await openPolicySet(call)
  try {
    return await explainInput(set.engine, inputOf(question, goldenOfSet(set)))
  } finally {
    await set.engine.close()
  }
}

/** Bundles have no golden cases. */
function goldenOfSet({ project, registry }: PolicySet): ReadonlyMap<string, unknown> {
  return project === null ? new Map() : goldenOf(project, registry)
}

function inputOf(question: string, golden: ReadonlyMap<string, unknown>): unknown {
  if (golden.has(question)) return golden.get(question)
  const what = 'a policy input (JSON), or a golden case of the project as "area: name"'
  const input = readJson(question, what)
  if (typeof input === 'object' && input !== null && 'question' in input) return input
  throw usage(
    `${question} is no policy input (it has no "question"); a query is explained by a running service: add --url.`,
  )
}

function outcomeOf(explanation: Explanation): Outcome {
  return {
    exit: explanation.effect === 'permit' ? 0 : 1,
    json: explanation,
    text: explanationText(explanation),
  }
}
