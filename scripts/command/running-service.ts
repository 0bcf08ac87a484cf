// Asks a running service, with the credential that the caller names; in development, with its own key.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { PdpError } from '../../service/contract/error-code.ts'
import { type Call, usage } from './command.ts'
import { readGiven, readJson } from './read-file.ts'

/** The options of every command that asks a running service. */
export const serviceOptions = {
  url: { type: 'string' },
  'token-file': { type: 'string' },
  data: { type: 'string' },
} as const

export const serviceUsage = `  --url <url>            of the service (default http://127.0.0.1:8181)
  --token-file <file>    the access token of a registered client, with the scope that the route needs
  --data <directory>     instead of a token: the data of a development service (default .countersign)`

const patienceMilliseconds = 30_000

/** @throws PdpError `usage` for what was named wrongly or refused; `not_ready` when nothing answers. */
export async function askService(
  call: Call,
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
): Promise<unknown> {
  const init = body === undefined ? {} : { body: JSON.stringify(body) }
  const reply = await fetchFrom(call, path, {
    ...{ method, ...init, signal: AbortSignal.timeout(patienceMilliseconds) },
  })
  const answer = (await reply.json().catch(() => null)) as Problem | null
  if (reply.ok && answer !== null) return answer
  throw refusedBy(call, reply, answer)
}

/** An answer that goes on as long as the service has more. @throws as `askService`. */
export async function streamService(call: Call, path: string): Promise<AsyncIterable<Uint8Array>> {
  const reply = await fetchFrom(call, path, { method: 'GET' })
  if (reply.ok && reply.body !== null) return reply.body
  throw refusedBy(call, reply, (await reply.json().catch(() => null)) as Problem | null)
}

async function fetchFrom(call: Call, path: string, init: RequestInit): Promise<Response> {
  const base = urlOf(call)
  return await fetch(new URL(path, base), {
    ...init,
    headers: {
      authorization: `Bearer ${credentialOf(call)}`,
      ...(init.body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    redirect: 'error',
  }).catch((cause: unknown) => {
    const message = `Nothing answers at ${base.href}: start the service, or name it with --url.`
    throw new PdpError('not_ready', message, { cause })
  })
}

function refusedBy(call: Call, { status }: Response, answer: Problem | null): PdpError {
  const base = urlOf(call)
  const said = answer?.detail ?? answer?.title ?? `it answered ${String(status)}`
  return status < 500
    ? usage(`${base.href}: ${said}`)
    : new PdpError('not_ready', `${base.href}: ${said}`)
}

type Problem = { readonly title?: string; readonly detail?: string }

function urlOf({ values }: Call): URL {
  const given = String(values['url'] ?? 'http://127.0.0.1:8181')
  const url = URL.parse(given)
  if (url !== null && /^https?:$/u.test(url.protocol)) return url
  throw usage(`--url ${given}: write an http or https URL.`)
}

/** A token goes to the named service alone, and never into an argument that others can list. */
function credentialOf({ values }: Call): string {
  const file = values['token-file']
  if (typeof file === 'string') {
    const what = 'a file that holds an access token'
    return credentialIn(file, Buffer.from(readGiven(file, what)).toString('utf8').trim(), what)
  }
  const keys = join(String(values['data'] ?? '.countersign'), 'development', 'keys.json')
  if (!existsSync(keys)) {
    throw usage(
      `Name a credential: --token-file <file>, or --data <directory> of a development service (${keys} is not there).`,
    )
  }
  const what = 'the data directory of a development service'
  return credentialIn(keys, (readJson(keys, what) as { apiKey?: unknown } | null)?.apiKey, what)
}

/** Anything else cannot be sent in a header (RFC 6750 2.1, RFC 9110 5.5). */
function credentialIn(file: string, credential: unknown, what: string): string {
  if (typeof credential === 'string' && /^[\x21-\x7e]+$/u.test(credential)) return credential
  throw usage(`${file} holds no credential; name ${what}.`)
}
