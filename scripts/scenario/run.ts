// `countersign scenario run`: plays scenarios against the real service, over HTTP, and says what came otherwise than wanted.

import { optionalText } from '../policy/arguments.ts'
import { lineOf, shortest, sorted, type Remark } from '../policy/remark.ts'
import { type Call, type Command, type Outcome, usage } from '../command/command.ts'
import { openBundle } from '../bundles/open-bundle.ts'
import { readGiven } from '../command/read-file.ts'
import { play, type Played } from './play.ts'
import { readScenarioRegistry } from './scenario-registry.ts'
import { readScenario, type Scenario } from './scenario-file.ts'
import { Stage, type StageOptions } from './stage.ts'

export const run: Command = {
  name: 'run',
  summary: 'play scenarios against the real service, and say what came otherwise than wanted',
  usage: `<file>... [options]

  <file>                 a scenario: who asks what, what is wanted, and what the log then tells (YAML)
  --policy <file>        a policy bundle signed with the development key; left out: the policy of this release
  --show                 print what the log tells of each scenario

The service runs in this process in development mode, on a directory of its own that is removed, with the registry that
a scenario names. Exit code 0: all came as wanted. 1: something did not. 2: an argument or a file cannot be used.`,
  options: { policy: { type: 'string' }, show: { type: 'boolean' } },
  run: runScenarios,
}

async function runScenarios(call: Call): Promise<Outcome> {
  const { positionals } = call
  if (positionals.length === 0) throw usage('Name a scenario: a YAML file.')
  const policy = optionalText(call, 'policy') ?? null
  if (policy !== null) await openBundle({ name: policy, bytes: readGiven(policy, 'a bundle') })
  const scenarios = positionals.map((file) => soundOr(readScenario(file)))
  const registries = new Map(
    scenarios.map(({ registry }) => [registry, soundOr(readScenarioRegistry(registry))] as const),
  )
  const played: Played[] = []
  for (const [file, registry] of registries)
    for (const several of [false, true]) {
      const own = scenarios.filter((one) => one.registry === file && hasSeveral(one) === several)
      if (own.length > 0) played.push(...(await playAll(own, { registry, policy, several })))
    }
  return outcomeOf(played, call.values['show'] === true)
}

/** Another tenant is another policy to start: only where it is asked. */
function hasSeveral({ steps }: Scenario): boolean {
  return steps.some((step) => 'tenant' in step)
}

async function playAll(
  scenarios: readonly Scenario[],
  options: StageOptions,
): Promise<readonly Played[]> {
  const stage = await Stage.open(options)
  try {
    const played: Played[] = []
    for (const scenario of scenarios) played.push(await play(scenario, stage))
    return played
  } finally {
    await stage.close()
  }
}

function soundOr<T extends object>(read: T | readonly Remark[]): T {
  if (!Array.isArray(read)) return read as T
  throw usage(
    sorted(read as readonly Remark[])
      .map(lineOf)
      .join('\n'),
  )
}

function outcomeOf(played: readonly Played[], shows: boolean): Outcome {
  const failed = played.filter(({ failures }) => failures.length > 0).length
  const lines = played.flatMap(({ scenario, steps, failures, timeline }) => [
    `${failures.length === 0 ? 'ok  ' : 'FAIL'} ${scenario} (${String(steps)} steps)`,
    ...failures.map(
      ({ file, line, step, message }) =>
        `     ${shortest(file)}:${String(line)}: step ${step}: ${message}`,
    ),
    ...(shows || failures.length > 0 ? timeline.map((entry) => `       ${entry}`) : []),
  ])
  const sum = `${String(played.length)} scenarios, ${String(failed)} failed`
  return {
    exit: failed === 0 ? 0 : 1,
    text: [...lines, sum].join('\n'),
    json: { scenarios: played.length, failed, played },
  }
}
