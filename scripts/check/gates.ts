// Every gate of `npm test`, in the order they start and are told.

import { join } from 'node:path'
import { root } from '../parts/root.ts'
import { type Command, type Gate, packaged, plain, script, withPart } from './gate.ts'

const direction = [
  '--config',
  'scripts/config/dependency-cruiser.cjs',
  'service',
  'scripts',
  'test',
]

const rego = ['rego/countersign']
const typed = ['check', '--strict', '--schema', 'rego/schemas', ...rego]
// A rule may call only what the engine supplies; a test runs in OPA and may call anything.
const shipped = [...typed, '--ignore', '*_test.rego', '--capabilities', 'bundles/capabilities.json']
// OPA's own limit of five seconds is short for a busy machine.
const test = ['test', '--timeout', '5m']
// The golden cases, the questions that they and the tests of rules start from, and the registry.
const tested = [...rego, 'test/golden', 'registry:rego/data/registry.json']

/** `countersign policy` on the pack of this repository. */
function policy(...given: readonly string[]): Command {
  return script('command/main.ts', 'policy', ...given, '--project', 'rego')
}

export const gates: readonly Gate[] = [
  plain('format', packaged('prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.')),
  plain('types', packaged('typescript/bin/tsc', '--project', '.')),
  plain(
    'lint',
    packaged('eslint/bin/eslint.js', '--config', 'scripts/config/eslint.config.js', '.'),
  ),
  plain('architecture', packaged('dependency-cruiser/bin/dependency-cruiser.mjs', ...direction)),
  plain('dead-code', packaged('knip/bin/knip.js', '--no-progress')),
  plain('house', script('check-house.ts')),
  plain('generated', script('generate.ts', '--check')),
  withPart('compose', 'docker-compose', ['--file', 'docker-compose.yml', 'config', '--quiet']),
  withPart('rego-format', 'opa', ['fmt', '--list', '--fail', 'rego']),
  withPart('rego-types', 'opa', typed, shipped),
  withPart('rego-lint', 'regal', ['lint', 'rego']),
  {
    name: 'catalogue',
    parts: ['opa'],
    commands: () => [policy('catalogue', '--check')],
  },
  withPart('rego-tests', 'opa', [...test, ...tested], [...test, '--threshold', '100', ...tested]),
  { name: 'bundles', parts: ['opa'], commands: () => [script('build-bundles.ts', '--check')] },
  // The suite is that of the very OPA, compiled once by it and kept in .cache/.
  {
    name: 'conformance',
    parts: ['opa'],
    commands: () => [script('conformance/conformance.ts', '--check')],
  },
  plain('tests', [
    process.execPath,
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    join(root, 'node_modules/jest/bin/jest.js'),
  ]),
]
