/** The one command: reads its arguments, wires the service, handles signals, exits. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { PdpError } from './contract/error-code.ts'
import { tellFailure } from './tell-failure.ts'
import type { ServeValues } from './serve-command.ts'

const help = `countersign: a policy decision point for MCP and agent workflows

Usage: countersign <command> [options]

  serve --config <file>      serve as the configuration file says (production)
  serve --development        serve on loopback with a tenant, issuers and keys of its own
        --port <n>           port of development mode (default 8181; 0 picks a free one)
        --data <directory>   data of development mode (default .countersign)
        --bundles <dir>      bundles of development mode (default the repository's)
  examples                   print fresh curl commands for a running development service
        --port <n> --data <directory>
  demo                       run the whole story on real MCP clients and servers

  policy <command>           write, test, explain, compare, sign and ship policy
  bundle <command>           what a running service decides by: status, history, pin, rollback
  stop <command>             kill switches: a tenant, server, agent, initiator or capability
  pep <command>              gateways: register, list, revoke
  access <command>           who may do what, by the same evaluation as decisions
  identity <command>         why a token is accepted or refused, check by check
  keys <command>             keys that sign decisions and bundles: make, split, back up, rotate, revoke
  log <command>              what an auditor asks of a log, without a server
  adopt <command>            a live MCP server as files for a pull request
                             (each with --help)

  --help                     this text
`

const options = {
  config: { type: 'string' },
  development: { type: 'boolean' },
  port: { type: 'string' },
  data: { type: 'string' },
  bundles: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

/** What a service needs is loaded only to serve: other commands start without it. */
const commands: Readonly<Record<string, (values: ServeValues) => Promise<void>>> = {
  serve: async (values) => (await import('./serve-command.ts')).serve(values),
  examples: async (values) => (await import('./serve-command.ts')).examples(values),
  demo,
  help: () => {
    process.stdout.write(help)
    return Promise.resolve()
  },
}

/** Commands that live beside the service, in scripts/: they take their arguments as they come. */
const besides: ReadonlySet<string> = new Set([
  'access',
  'adopt',
  'bundle',
  'identity',
  'keys',
  'log',
  'pep',
  'policy',
  'stop',
])

function demo(): Promise<void> {
  return beside('demo/demo.ts', [])
}

/** Runs a program of scripts/ in this command's place. */
async function beside(program: string, given: readonly string[]): Promise<void> {
  const script = join(import.meta.dirname, '../scripts', program)
  const child = spawn(process.execPath, [script, ...given], { stdio: 'inherit' })
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  const { promise, resolve: done } = Promise.withResolvers<number>()
  child.on('exit', (code) => {
    done(code ?? 1)
  })
  process.exitCode = await promise
}

function readArguments(): ReturnType<
  typeof parseArgs<{ options: typeof options; allowPositionals: true }>
> {
  try {
    return parseArgs({ options, allowPositionals: true })
  } catch (cause) {
    throw new PdpError(
      'usage',
      `${cause instanceof Error ? cause.message : 'The arguments cannot be read.'}\n\n${help}`,
      { cause },
    )
  }
}

async function main(): Promise<void> {
  const given = process.argv.slice(2)
  if (besides.has(given[0] ?? '')) {
    await beside('command/main.ts', given)
    return
  }
  const { values, positionals } = readArguments()
  const name = values.help === true ? 'help' : (positionals[0] ?? 'help')
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (command === undefined)
    throw new PdpError('usage', `There is no command "${name}".\n\n${help}`)
  await command(values)
}

try {
  await main()
} catch (error) {
  tellFailure(error)
  process.exitCode = error instanceof PdpError && error.code === 'usage' ? 2 : 1
}
