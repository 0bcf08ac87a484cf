/** The commands that need a service: serve it, and ask it in development. */
import { resolve } from 'node:path'
import { banner, curlCommand, exampleQueries } from './adapter/development/example-queries.ts'
import { loadDevelopmentKeys } from './adapter/development/development-keys.ts'
import { PdpError } from './contract/error-code.ts'
import { compileWaiting } from './contract/validate.ts'
import { loadConfig } from './config.ts'
import { developmentConfig } from './development-config.ts'
import { tellFailure } from './tell-failure.ts'
import { startService, type RunningService } from './serve.ts'

export type ServeValues = {
  readonly config?: string
  readonly development?: boolean
  readonly port?: string
  readonly data?: string
  readonly bundles?: string
}

export async function serve(values: ServeValues): Promise<void> {
  compileWaiting()
  if (values.development === true) {
    const data = dataDirectory(values)
    const keys = await loadDevelopmentKeys(data)
    const config = developmentConfig(keys, { data, port: portOf(values), bundles: values.bundles })
    const running = await startService(config)
    stopOnSignal(running)
    await banner(keys, running, data).then(
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

export async function examples(values: ServeValues): Promise<void> {
  const keys = await loadDevelopmentKeys(dataDirectory(values))
  for (const { effect, what, query } of await exampleQueries(keys)) {
    const url = `http://127.0.0.1:${String(portOf(values))}`
    process.stdout.write(`# ${effect}: ${what}\n${curlCommand(query, url, keys.apiKey)}\n\n`)
  }
}

function dataDirectory(values: ServeValues): string {
  return resolve(values.data ?? '.countersign')
}

function portOf(values: ServeValues): number {
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
        tellFailure(error)
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}
