// Where the server is that a person wants to adopt: a URL, or a program to start.

import { type Call, usage } from '../command/command.ts'
import { readGiven } from '../command/read-file.ts'
import { optionalCount } from '../policy/arguments.ts'
import { most } from './allowance.ts'

export type Endpoint = { readonly seconds: number } & (
  | { readonly kind: 'http'; readonly url: URL; readonly token: string | null }
  | { readonly kind: 'stdio'; readonly program: string; readonly given: readonly string[] }
)

export const endpointOptions = {
  at: { type: 'string' },
  'token-file': { type: 'string' },
  seconds: { type: 'string' },
} as const

export const endpointUsage = `  --at <url>             of an MCP server over HTTP, of any revision
  --token-file <file>    an access token for it
  -- <program>           or a program that serves on stdio; it runs with your rights and your environment
  --seconds <n>          how long it may take (default ${String(most.seconds)})`

/** @throws PdpError `usage`. */
export function endpointOf(call: Call): { readonly id: string; readonly endpoint: Endpoint } {
  const [id = '', program, ...given] = call.positionals
  if (!/^[a-z0-9][a-z0-9._-]{0,62}$/u.test(id))
    throw usage('Name the server first: lower-case letters, digits, dots, hyphens and underscores.')
  const { at } = call.values
  if ((at === undefined) === (program === undefined))
    throw usage('Say where the server is: --at <url>, or -- <program> [arguments].')
  const seconds = optionalCount(call, 'seconds') ?? most.seconds
  if (seconds < 1 || seconds > 600) throw usage('--seconds: write a number from 1 to 600.')
  return program === undefined
    ? { id, endpoint: { kind: 'http', seconds, ...webOf(call, String(at)) } }
    : { id, endpoint: { kind: 'stdio', seconds, program, given } }
}

function webOf({ values }: Call, at: string): { readonly url: URL; readonly token: string | null } {
  const url = URL.parse(at)
  if (url === null || !/^https?:$/u.test(url.protocol) || url.username + url.password !== '')
    throw usage('--at: write an http or https URL, without a user or a password.')
  const file = values['token-file']
  if (typeof file !== 'string') return { url, token: null }
  const token = Buffer.from(readGiven(file, 'a file that holds an access token')).toString('utf8')
  return { url, token: token.trim() }
}

export function nameOf(endpoint: Endpoint): string {
  return endpoint.kind === 'http' ? endpoint.url.href : endpoint.program
}
