/** What a page of the console answers with, and the headers that all of it carries. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { send, type Headers } from '../exchange.ts'

export type Answer = {
  readonly status: number
  readonly type: string
  readonly content: string | Uint8Array
  readonly headers?: Headers
  /** Whole `Set-Cookie` lines. */
  readonly cookies?: readonly string[]
}

/**
 * Nothing is loaded from elsewhere, nothing runs that is not a file of ours, nobody frames it, and no form leads away.
 * What a page shows was written by models and servers: should an escape ever fail, it still does not run.
 */
const headers: Headers = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy':
    'publickey-credentials-get=(self), publickey-credentials-create=(self), camera=(), geolocation=(), microphone=()',
  // Not `no-referrer`: then the browser would send no origin with a form, by which it is checked.
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

export function html(text: string, status = 200): Answer {
  return { status, type: 'text/html; charset=utf-8', content: text }
}

export function json(value: unknown): Answer {
  return { status: 200, type: 'application/json', content: JSON.stringify(value) }
}

/** Elsewhere in the console, or to its provider. */
export function redirect(location: string, cookies: readonly string[] = []): Answer {
  return { status: 303, type: 'text/plain', content: '', headers: { location }, cookies }
}

export function sendAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  { status, type, content, cookies = [], headers: own = {} }: Answer,
): void {
  if (cookies.length > 0) response.setHeader('set-cookie', [...cookies])
  send(request, response, status, type, content, { ...headers, ...own })
}
