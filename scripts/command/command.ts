// What every author's and operator's command has in common: arguments, `--json`, `--help`, exit codes, and one
// clear line on stderr when it cannot be done.

import { parseArgs, type ParseArgsConfig } from 'node:util'
import { PdpError } from '../../service/contract/error-code.ts'
import { jsonText } from './json-text.ts'

/** Documented in README.md; scripts rely on them. */
export const exits = {
  /** Done, and nothing is wrong. */
  ok: 0,
  /** Done, and the answer is no: a test failed, a check found something, a decision is not a permit. */
  no: 1,
  /** The arguments or a file that was named cannot be used; the message says what to change. */
  usage: 2,
  /** Something outside failed: a disk, a registry, a service that does not answer. */
  failed: 3,
} as const

type Options = NonNullable<ParseArgsConfig['options']>

export interface Call {
  readonly values: Readonly<Record<string, string | boolean | readonly string[] | undefined>>
  readonly positionals: readonly string[]
  readonly json: boolean
  /** Standard output is a terminal, and neither `--json` nor NO_COLOR was given. */
  readonly color: boolean
  /** Prints while the command still works (a watch); never with `--json`. */
  readonly say: (line: string) => void
}

/** What a command found: people get the text, programs the JSON; both say the same. */
export interface Outcome {
  readonly exit: 0 | 1
  readonly text: string
  readonly json: unknown
}

export interface Command {
  readonly name: string
  /** One line for the list of commands. */
  readonly summary: string
  /** What follows the command's name, and a line for each option. */
  readonly usage: string
  readonly options: Options
  readonly run: (call: Call) => Promise<Outcome>
}

/** What was named cannot be used. `message` says what to change. */
export function usage(message: string, cause?: unknown): PdpError {
  return new PdpError('usage', message, { cause })
}

const common = {
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

/** Runs the command that the first argument names; gives the exit code. */
export async function runCommand(
  program: string,
  commands: readonly Command[],
  given: readonly string[],
): Promise<number> {
  const [name = '--help', ...rest] = given
  const command = commands.find((one) => one.name === name)
  if (command === undefined) {
    const known = listOf(program, commands)
    if (name === '--help' || name === '-h' || name === 'help') return printed(known)
    return failed(usage(`There is no command "${program} ${name}".\n\n${known}`))
  }
  try {
    return await call(program, command, rest)
  } catch (error) {
    return failed(error)
  }
}

async function call(program: string, command: Command, given: readonly string[]): Promise<number> {
  const { values, positionals } = parsed(command, given)
  if (values['help'] === true) return printed(helpOf(program, command))
  const json = values['json'] === true
  const outcome = await command.run({
    values,
    positionals,
    json,
    color: !json && process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '',
    say: (line) => {
      if (!json) process.stdout.write(`${line}\n`)
    },
  })
  const text = json ? jsonText(outcome.json) : outcome.text
  if (text !== '') process.stdout.write(text.endsWith('\n') ? text : `${text}\n`)
  return outcome.exit
}

function parsed(command: Command, args: readonly string[]): Pick<Call, 'values' | 'positionals'> {
  try {
    const options = { ...command.options, ...common }
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (cause) {
    throw usage(cause instanceof Error ? cause.message : 'The arguments cannot be read.', cause)
  }
}

function listOf(program: string, commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length)) + 2
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(width)}${summary}`)
  return `Usage: ${program} <command> [options]\n\n${lines.join('\n')}\n\nEach has --help and --json.\n`
}

function helpOf(program: string, { name, summary, usage: text }: Command): string {
  return `${summary}\n\nUsage: ${program} ${name} ${text}\n`
}

function printed(text: string): number {
  process.stdout.write(text)
  return exits.ok
}

/** One message on stderr; a stack only for a fault of ours. */
function failed(error: unknown): number {
  const isOurs = error instanceof PdpError || isSystemError(error)
  const text =
    error instanceof Error
      ? isOurs
        ? error.message
        : (error.stack ?? error.message)
      : String(error)
  process.stderr.write(`countersign: ${text}\n`)
  return error instanceof PdpError && wrongInput.has(error.code) ? exits.usage : exits.failed
}

const wrongInput: ReadonlySet<string> = new Set([
  'usage',
  'config_invalid',
  'bundle_refused',
  'invalid_request',
])

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error
}
