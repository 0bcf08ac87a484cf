/** One run of the whole service: it is killed while clients ask it over HTTP; what it had answered is told. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { loadDevelopmentKeys } from '../service/adapter/development/development-keys.ts'
import { exampleQueries } from '../service/adapter/development/example-queries.ts'

export type ServiceCrashOptions = {
  /** Data directory of the service; the log of its tenant lies in `tenants/dev`. */
  readonly data: string
  readonly clients: number
  /** Milliseconds from the first answer to SIGKILL. */
  readonly lifetime: number
}

/** The origin of the development tenant's log. */
export const developmentOrigin = 'localhost/dev'

/** The ids of the decisions that were answered before the kill. @throws Error when the service ended by itself. */
export async function crashServiceRun(options: ServiceCrashOptions): Promise<readonly string[]> {
  const main = join(import.meta.dirname, '../service/main.ts')
  const child = spawn(
    process.execPath,
    [main, 'serve', '--development', '--port', '0', '--data', options.data],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let complaints = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text))
  const closed = Promise.withResolvers<NodeJS.Signals | null>()
  child.on('close', (_code, signal) => {
    closed.resolve(signal)
  })
  const url = await Promise.race([urlOf(child.stdout), closed.promise])
  if (url?.startsWith('http') !== true)
    throw new Error(`the service ended by itself: ${complaints}`)
  const answered: string[] = []
  const asking = await startAsking(url, options, answered, () => {
    setTimeout(() => child.kill('SIGKILL'), options.lifetime)
  })
  // A request that the kill cut off got no answer, so there is nothing that must be found.
  const asked = Promise.allSettled(asking)
  if ((await closed.promise) !== 'SIGKILL')
    throw new Error(`the service ended by itself: ${complaints}`)
  await asked
  return answered
}

async function urlOf(output: NodeJS.ReadableStream): Promise<string> {
  let text = ''
  for await (const chunk of output) {
    text += String(chunk)
    const found = /(http:\/\/127\.0\.0\.1:\d+)\/openapi\.json/u.exec(text)?.[1]
    if (found !== undefined) {
      output.resume()
      return found
    }
  }
  return ''
}

/** Each client asks one question after the other until a connection fails, which is the kill. */
async function startAsking(
  url: string,
  { data, clients }: ServiceCrashOptions,
  answered: string[],
  onFirst: () => void,
): Promise<readonly Promise<void>[]> {
  const keys = await loadDevelopmentKeys(data)
  const bodies = (await exampleQueries(keys)).map(({ query }) => JSON.stringify(query))
  const headers = { authorization: `Bearer ${keys.apiKey}`, 'content-type': 'application/json' }
  const askUntilKilled = async (client: number): Promise<void> => {
    for (let i = client; ; i += 1) {
      const body = bodies[i % bodies.length] ?? ''
      const reply = await fetch(`${url}/v1/decisions`, { method: 'POST', headers, body })
      const answer = (await reply.json()) as { decision_id?: string }
      if (reply.status !== 200 || answer.decision_id === undefined)
        throw new Error(String(reply.status))
      if (answered.push(answer.decision_id) === 1) onFirst()
    }
  }
  return Array.from({ length: clients }, (_, client) => askUntilKilled(client))
}
