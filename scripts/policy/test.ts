// `countersign policy test`: the Rego tests and the golden cases of a project, with coverage and the slowest rules.

import { noPositional } from '../command/no-positional.ts'
import { type Call, type Command, usage } from '../command/command.ts'
import { optionalText } from './arguments.ts'
import { projectOptions, projectUsage, readProject } from './project.ts'
import { type Choice, everything, runTests } from './test-run.ts'
import { reportOf } from './test-report.ts'

export const test: Command = {
  name: 'test',
  summary:
    'Rego tests, golden cases through the engine of the service, coverage, the slowest rules',
  usage: `[options]

  --run <pattern>        only tests and cases whose name matches (their coverage is not measured)
${projectUsage}

The lines of the rules that tests must reach are "coverage" percent in countersign-policy.json (100 when left out).
Exit code 1 when a test fails, or too few lines are reached.`,
  options: { ...projectOptions, run: { type: 'string' } },
  run: async (call) => {
    noPositional(call)
    const project = readProject(call)
    return reportOf(await runTests(project, choiceOf(call)), project, call.color)
  },
}

function choiceOf(call: Call): Choice {
  const pattern = optionalText(call, 'run')
  if (pattern === undefined) return everything
  try {
    return { rego: pattern, golden: new RegExp(pattern, 'u') }
  } catch (cause) {
    throw usage(`--run ${pattern}: write a regular expression.`, cause)
  }
}
