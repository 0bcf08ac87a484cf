/**
 * One HTTP exchange on Node's own request and response, which Express extends: the body read with
 * bounds, the answer written in one piece. Every route answers through here.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { PdpError } from '../contract/error-code.ts'
import { limits } from '../contract/limits.ts'
import { challengeOf } from './challenge.ts'
import { problemOf } from './problem.ts'

/** The whole body as text, when it is of that very media type. */
export async function readTextBody(request: IncomingMessage, type: string): Promise<string> {
  const types = request.headersDistinct['content-type']
  if (types?.length !== 1 || types[0]?.toLowerCase() !== type) {
    throw new PdpError('media_type', `Send the header Content-Type: ${type}, once.`)
  }
  return new TextDecoder().decode(await readBody(request))
}

/** The whole body; refused when it is not JSON by its media type, or too large. */
export function readJsonBody(request: IncomingMessage): Promise<Uint8Array> {
  const types = request.headersDistinct['content-type']
  if (types?.length !== 1 || !isJson(types[0] ?? '')) {
    return Promise.reject(
      new PdpError('media_type', 'Send the header Content-Type: application/json, once.'),
    )
  }
  return readBody(request)
}

function isJson(type: string): boolean {
  return /^application\/json[\t ]*(;[\t ]*charset[\t ]*=[\t ]*"?utf-8"?[\t ]*)?$/iu.test(type)
}

/** The whole body, whatever it is. */
export function readBody(request: IncomingMessage): Promise<Uint8Array> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>()
  const chunks: Buffer[] = []
  let bytes = 0
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > limits.bodyBytes) {
      // What still arrives is read and thrown away, so that the caller gets to read why.
      chunks.length = 0
      reject(new PdpError('body_too_large', `Send at most ${String(limits.bodyBytes)} bytes.`))
    } else chunks.push(chunk)
  })
  request.on('end', () => {
    resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks))
  })
  request.on('error', reject)
  request.on('aborted', () => {
    reject(new PdpError('malformed_json', 'The body ended early.'))
  })
  return promise
}

export type Headers = Readonly<Record<string, string>>

export function sendJson(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Headers = {},
): void {
  send(request, response, status, 'application/json', JSON.stringify(value), headers)
}

export function send(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  type: string,
  content: string | Uint8Array,
  headers: Headers = {},
): void {
  if (response.headersSent || response.destroyed) return
  const id = request.headers['x-request-id']
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(content),
    'cache-control': 'no-store',
    ...(typeof id === 'string' ? { 'x-request-id': id } : {}),
    ...headers,
  })
  response.end(content)
}

/** Answers with the problem of an error; the cause stays inside. */
export function sendProblem(
  request: IncomingMessage,
  response: ServerResponse,
  error: unknown,
  headers: Headers = {},
): void {
  const problem = problemOf(error)
  const challenge = problem.status === 401 ? challengeOf(error) : {}
  send(request, response, problem.status, 'application/problem+json', JSON.stringify(problem), {
    ...challenge,
    ...headers,
  })
}
