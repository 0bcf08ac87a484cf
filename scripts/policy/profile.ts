// `countersign policy profile`: what each rule costs over a set of questions, in time and in calls of its host. A
// build for this has one entrypoint a rule; it is never shipped.

import { loadHostBuiltins } from '../../service/adapter/policy-engine/builtin/host-builtins.ts'
import { WasmPolicy } from '../../service/adapter/policy-engine/wasm-policy.ts'
import { importedMemory } from '../../service/bundle/wasm-memory.ts'
import { decisionEntrypoint } from '../../service/bundle/compose-activation.ts'
import { limits } from '../../service/contract/limits.ts'
import type { RuleEntry, RuleMap } from '../../service/contract/rule-map.ts'
import { canonicalJson } from '../../service/statement/canonical-json.ts'
import { type Call, type Command, type Outcome, usage } from '../command/command.ts'
import { optionalCount } from './arguments.ts'
import { compileProject } from './compile.ts'
import { goldenOf } from './golden-of.ts'
import { measureEntrypoint, type Cost } from './measure-entrypoint.ts'
import { type Project, projectOptions, projectUsage, readProject } from './project.ts'
import { readQuestions } from './question-file.ts'
import { readRegistryData } from './registry-data.ts'

export const profile: Command = {
  name: 'profile',
  summary: 'time and host calls of each rule over a set of questions, the dearest first',
  usage: `[<queries.jsonl>] [options]

  <queries.jsonl>        one policy input (JSON) a line (default: the golden cases of the repository)
  --rounds <n>           how often each question is asked of each rule (default 20)
  --top <n>              rows to print (default 20; --json has all)
${projectUsage}

A rule is asked alone, so that what rules share is counted for each of them; the time to read the question is
taken off. A call of the host costs more than most rules: look for it in loops.
Exit code 0: measured. 2: the repository or a file cannot be used. 3: a disk failed.`,
  options: { ...projectOptions, rounds: { type: 'string' }, top: { type: 'string' } },
  run: profileRules,
}

const results = { rule: 'findings', ground: 'grounds', obligation: 'obligations' } as const

interface Row extends Cost {
  readonly code: string
  readonly file: string
  readonly lines: readonly number[]
}

async function profileRules(call: Call): Promise<Outcome> {
  const project = readProject(call)
  const rounds = optionalCount(call, 'rounds') ?? 20
  const top = optionalCount(call, 'top') ?? 20
  if (rounds === 0) throw usage('--rounds 0: ask each question at least once.')
  const inputs = questionsOf(project, call).map((input) => canonicalJson(input))
  const { metadata } = await compileProject(project)
  const policy = await linked(project, metadata.rules)
  // The cheapest of all says nothing and reads nothing more than every other.
  const measured = Object.entries(metadata.rules).map(([code, entry]) => ({
    ...{ code, file: entry.file, lines: entry.lines },
    ...measureEntrypoint(policy, entrypointOf(entry), inputs, rounds),
  }))
  const whole = measureEntrypoint(policy, decisionEntrypoint, inputs, rounds)
  return outcomeOf(measured, whole, inputs.length, top)
}

function questionsOf(project: Project, { positionals }: Call): readonly unknown[] {
  const [file, ...more] = positionals
  if (more.length > 0) throw usage('There are too many arguments: name one file of questions.')
  if (file !== undefined) return readQuestions(file).map(({ input }) => input)
  const golden = [...goldenOf(project, readRegistryData(project).registry).values()]
  if (golden.length > 0) return golden
  throw usage(
    'The repository has no golden cases: name a file with one policy input (JSON) a line.',
  )
}

function entrypointOf({ kind, rule }: RuleEntry): string {
  return `countersign/${kind}/${rule.replace('.', '/')}/${results[kind]}`
}

async function linked(project: Project, rules: RuleMap): Promise<WasmPolicy> {
  const built = await compileProject(project, Object.values(rules).map(entrypointOf))
  const wasm = built.files.get('policy.wasm')
  if (wasm === undefined) throw new Error('opa build made no module')
  const policy = new WasmPolicy(
    {
      module: await WebAssembly.compile(wasm),
      data: new TextEncoder().encode('{}').buffer,
      entrypoint: decisionEntrypoint,
      initialPages: importedMemory(wasm).minimum,
      maximumPages: limits.evaluationPages,
      resultBytes: limits.policyResultBytes,
    },
    loadHostBuiltins,
  )
  await policy.link()
  return policy
}

function outcomeOf(measured: readonly Row[], whole: Cost, questions: number, top: number): Outcome {
  const base = Math.min(...measured.map(({ microseconds }) => microseconds))
  const rows = measured
    .map((row) => ({ ...row, microseconds: rounded(row.microseconds - base) }))
    .sort((a, b) => b.microseconds - a.microseconds)
  const total = { ...whole, microseconds: rounded(whole.microseconds) }
  return {
    exit: 0,
    json: { questions, reading_microseconds: rounded(base), decision: total, rules: rows },
    text: [
      `${String(questions)} questions; reading one takes ${String(rounded(base))} us, the whole decision ${String(total.microseconds)} us`,
      '',
      '      us  host calls',
      ...rows.slice(0, top).map(lineOf),
      ...(rows.length > top ? [`and ${String(rows.length - top)} cheaper ones (--top)`] : []),
    ].join('\n'),
  }
}

function lineOf({ code, file, lines, microseconds, host_calls: calls, faults }: Row): string {
  const called = Object.entries(calls).map(([name, count]) => `${name} x${String(count)}`)
  return [
    microseconds.toFixed(1).padStart(8),
    (called.join(', ') || '-').padEnd(10),
    `${code}  ${file}:${lines.join(',')}${faults === 0 ? '' : `  ${String(faults)} faults`}`,
  ].join('  ')
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10
}
