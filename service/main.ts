/** The one command: reads its arguments, wires the service, handles signals, exits. */
import { spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { banner, curlCommand, exampleQueries } from './adapter/development/example-queries.ts'
import { loadDevelopmentKeys } from './adapter/development/development-keys.ts'
import { PdpError } from './contract/error-code.ts'
import { loadConfig } from './config.ts'
import { developmentConfig } from './development-config.ts'
import { startService, type RunningService } from './serve.ts'

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
  access <command>           who may do what, by the same evaluation as decisions
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

type Values = ReturnType<typeof readArguments>['values']

const commands: Readonly<Record<string, (values: Values) => Promise<void>>> = {
  serve,
  examples,
  demo,
  help: () => {
    process.stdout.write(help)
    return Promise.resolve()
  },
}

async function serve(values: Values): Promise<void> {
  if (values.development === true) {
    const data = dataDirectory(values)
    const keys = await loadDevelopmentKeys(data)
    const config = developmentConfig(keys, { data, port: portOf(values), bundles: values.bundles })
    const running = await startService(config)
    stopOnSignal(running)
    await banner(keys, running.url, data).then(
      (text) => process.stdout.write(text),
      async (error: unknown) => {
        await running.stop('failed to start')
        throw error
      },
    )
  } else if (values.config === undefined) {
    throw new PdpError(
      'usage',
      'Name a configuration file: serve --config <file>, or use serve --development.',
    )
  } else {
    stopOnSignal(await startService(loadConfig(values.config)))
  }
}

async function examples(values: Values): Promise<void> {
  const keys = await loadDevelopmentKeys(dataDirectory(values))
  for (const { effect, what, query } of await exampleQueries(keys)) {
    const url = `http://127.0.0.1:${String(portOf(values))}`
    process.stdout.write(`# ${effect}: ${what}\n${curlCommand(query, url, keys.apiKey)}\n\n`)
  }
}

/** Commands that live beside the service, in scripts/: they take their arguments as they come. */
const besides: ReadonlySet<string> = new Set(['access', 'adopt', 'bundle', 'policy'])

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

function dataDirectory(values: Values): string {
  return resolve(values.data ?? '.countersign')
}

function portOf(values: Values): number {
  const port = Number(values.port ?? 8181)
  if (Number.isInteger(port) && port >= 0 && port <= 65535) return port
  throw new PdpError('usage', `--port ${values.port ?? ''}: write a whole number from 0 to 65535.`)
}

/** The first signal stops gracefully: what is in flight is answered and the log closed. The second does not wait. */
function stopOnSignal(running: RunningService): void {
  let stopping = false
  const stop = (signal: string): void => {
    if (stopping) process.exit(1)
    stopping = true
    running.stop(signal).then(
      () => process.exit(0),
      (error: unknown) => {
        fail(error)
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
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

function fail(error: unknown): void {
  if (error instanceof PdpError) process.stderr.write(`countersign: ${error.message}\n`)
  else
    process.stderr.write(
      `countersign: ${error instanceof Error ? (error.stack ?? error.message) : 'failed'}\n`,
    )
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
  fail(error)
  process.exitCode = error instanceof PdpError && error.code === 'usage' ? 2 : 1
}
