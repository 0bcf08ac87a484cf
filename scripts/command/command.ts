// What every author's and operator's command has in common: arguments, `--json`, `--help`, exit codes, and one
// clear line on stderr when it cannot be done.

import { parseArgs, type ParseArgsConfig } from 'node:util'
import { PdpError } from '../../service/contract/error-code.ts'
import { messageOf } from '../parts/run.ts'
import { exits } from './exits.ts'
import { exitAfter } from './failure.ts'
import { jsonText } from './json-text.ts'

type Options = NonNullable<ParseArgsConfig['options']>

export interface Call {
  readonly values: Readonly<Record<string, string | boolean | readonly string[] | undefined>>
  readonly positionals: readonly string[]
  readonly json: boolean
  /** Standard output is a terminal, and neither `--json` nor NO_COLOR was given. */
  readonly color: boolean
  /** Prints while the command still works (a watch): the text, or with `--json` the value on a line of its own. */
  readonly say: (text: string, json: unknown) => void
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

/** Where a command prints. */
export interface Streams {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  /** What `out` leads to can show colours. */
  readonly isTerminal: boolean
}

const standard: Streams = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  isTerminal: process.stdout.isTTY,
}

/** Runs the command that the first argument names; gives the exit code. */
export async function runCommand(
  program: string,
  commands: readonly Command[],
  [name = '--help', ...given]: readonly string[],
  streams = standard,
): Promise<number> {
  const { out, err } = streams
  const command = commands.find((one) => one.name === name)
  try {
    if (command !== undefined) return await call(program, command, given, streams)
    const known = listOf(program, commands)
    if (!['--help', '-h', 'help'].includes(name))
      throw usage(`There is no command "${program} ${name}".\n\n${known}`)
    out(known)
    return exits.ok
  } catch (error) {
    return exitAfter(error, err)
  }
}

async function call(
  program: string,
  command: Command,
  given: readonly string[],
  { out, isTerminal }: Streams,
): Promise<number> {
  const { values, positionals } = parsed(command, given)
  if (values['help'] === true) {
    out(helpOf(program, command))
    return exits.ok
  }
  const json = values['json'] === true
  const outcome = await command.run({
    values,
    positionals,
    json,
    color: !json && isTerminal && (process.env['NO_COLOR'] ?? '') === '',
    say: (text, value) => {
      out(`${json ? JSON.stringify(value) : text}\n`)
    },
  })
  const text = json ? jsonText(outcome.json) : outcome.text
  if (text !== '') out(text.endsWith('\n') ? text : `${text}\n`)
  return outcome.exit
}

function parsed(command: Command, args: readonly string[]): Pick<Call, 'values' | 'positionals'> {
  try {
    const options = { ...command.options, ...common }
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (cause) {
    throw usage(`${messageOf(cause)}; see --help and correct it`, cause)
  }
}

function listOf(program: string, commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length)) + 2
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(width)}${summary}`)
  return `Usage: ${program} <command> [options]\n\n${lines.join('\n')}\n\nEach has --help and --json.\n`
}

const commonCodes =
  'Exit code 0: done. 2: an argument or a file cannot be used. 3: a service or a disk failed.'

function helpOf(program: string, { name, summary, usage: text }: Command): string {
  const codes = text.includes('Exit code') ? '' : `\n\n${commonCodes}`
  return `${summary}\n\nUsage: ${program} ${name} ${text}${codes}\n`
}
