// What `who-can` and `what-can` have in common: options, the policy they ask, and what they answer with.

import type { Registry } from '../../service/contract/registry.ts'
import { type Call, type Outcome, usage } from '../command/command.ts'
import { readJson } from '../command/read-file.ts'
import { optionalText, texts } from '../policy/arguments.ts'
import { remoteOptions, remoteUsage } from '../policy/locate-bundles.ts'
import { openPolicySet, setOptions, setUsage } from '../policy/policy-set.ts'
import { projectOptions, projectUsage } from '../policy/project.ts'
import { accessText, type Told } from './access-text.ts'
import { type AccessAnswer, type AccessQuestion, askPolicy } from './ask-policy.ts'
import {
  assumedGranted,
  assumedInside,
  assumedIssued,
  assumptions,
  type GivenPurpose,
} from './best-facts.ts'
import { type Arguments, withoutBounds } from './best-query.ts'
import { givenGrants, grantOptions } from './given-grants.ts'
import { atOptions, atUsage, instantAsked } from './given-instant.ts'
import { noRegistry } from './given-registry.ts'
import type { GrantClaims } from '../../service/purpose/grant.ts'

export const askingOptions = {
  ...{ ...setOptions, ...projectOptions, ...remoteOptions, ...atOptions, ...grantOptions },
  purpose: { type: 'string', multiple: true },
  arguments: { type: 'string' },
  environment: { type: 'string' },
  all: { type: 'boolean' },
} as const

export const askingUsage = `  --purpose <code>       for this purpose only; repeat it for several (default: each, and none)
  --grant <file>         by this purpose grant (its token, or its claims as JSON) instead of whatever may be
                         granted; repeat it for several
  --arguments <file>     with these arguments (a JSON object); else such as are inside their bounds
  --environment <name>   in which the gateway asks (default production)
${atUsage}
  --all                  name everything that is denied, too
${setUsage}
${projectUsage}
${remoteUsage}

Each question is judged by the policy itself, with the facts that live proofs would bring at best; then with less,
to say what the answer rests on: the least proofs, the grant and the groups that are enough together. A person acts
through a registered agent of the same issuer; a member of a group may also be a workload that acts for itself.`

export const askingExits = `2: an argument or a file cannot be used.
3: a server or a disk failed.`

type WithoutPurpose = Omit<AccessQuestion, keyof GivenPurpose>

/** Opens the policy, asks it what `questionsOf` makes of its registry and the given grants, and closes it. */
export async function asking(
  call: Call,
  questionsOf: (registry: Registry, grants: readonly GrantClaims[]) => readonly WithoutPurpose[],
  told: Told,
): Promise<Outcome> {
  const now = instantAsked(call)
  const given = givenArguments(call)
  const environment = optionalText(call, 'environment') ?? 'production'
  const grants = givenGrants(call)
  const set = await openPolicySet(call)
  const { engine, registry } = set
  try {
    if (registry === null) throw noRegistry(set.project?.file ?? texts(call, 'bundle').join(', '))
    const purposes = purposesOf(call, registry, grants)
    const questions = questionsOf(registry, grants).flatMap((one) =>
      purposes.map((purpose) => ({ ...one, ...purpose })),
    )
    const asked = given === null ? withoutBounds(registry) : registry
    const setting = { now, environment, registry: asked, policy: engine.policy }
    const answers = await askPolicy(questions, given, setting, engine)
    const assumed = assumedFor(given, grants)
    return outcomeOf(
      answers,
      { now, environment, assumed, names: call.values['all'] === true },
      told,
    )
  } finally {
    await engine.close()
  }
}

function givenArguments(call: Call): Arguments | null {
  const file = optionalText(call, 'arguments')
  if (file === undefined) return null
  const value = readJson(file, 'a file with the arguments (a JSON object)')
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Arguments
  throw usage(`${file}: write the arguments as one JSON object.`)
}

function purposesOf(
  call: Call,
  { purposes }: Registry,
  grants: readonly GrantClaims[],
): readonly GivenPurpose[] {
  const named = [...new Set(texts(call, 'purpose'))]
  const known = Object.keys(purposes)
  const stranger = named.find((code) => !known.includes(code))
  if (stranger !== undefined)
    throw usage(`--purpose ${stranger}: the registry has ${known.join(', ') || 'no purpose'}.`)
  if (grants.length > 0) {
    if (named.length > 0)
      throw usage('A grant has its own purpose: name --grant or --purpose, not both.')
    return grants.map((grant) => ({ purpose: grant.facts.code, grant }))
  }
  return (named.length > 0 ? named : [...known, null]).map((purpose) => ({ purpose, grant: null }))
}

function assumedFor(given: Arguments | null, grants: readonly GrantClaims[]): readonly string[] {
  return [
    ...assumptions,
    grants.length === 0 ? assumedGranted : assumedIssued,
    ...(given === null ? [assumedInside] : []),
  ]
}

function outcomeOf(
  answers: readonly AccessAnswer[],
  asked: {
    readonly now: number
    readonly environment: string
    readonly assumed: readonly string[]
    readonly names: boolean
  },
  told: Told,
): Outcome {
  const { now, environment, assumed, names } = asked
  const isAny = answers.some(({ answered }) => answered !== 'deny')
  return {
    exit: isAny ? 0 : 1,
    json: { at: now, environment, assumed, answers: answers.map(printed) },
    text: [
      accessText(answers, told, names),
      '',
      `Asked ${String(answers.length)} questions as of ${new Date(now * 1000).toISOString().replace('.000Z', 'Z')} in ${environment}. Assumed:`,
      ...assumed.map((line) => `- ${line}`),
    ].join('\n'),
  }
}

function printed({ party, asked, grant, ...terms }: AccessAnswer): object {
  return {
    ...{ initiator: party, server: asked.server, capability: asked.key, ...terms },
    grant: grant === null ? null : { id: grant.facts.grant_id, expires_at: grant.facts.expires_at },
  }
}
