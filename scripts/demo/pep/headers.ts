/** The HTTP headers that the gateway reads and those that it hands on; all others stay behind. */
import type { IncomingMessage } from 'node:http'
import { digestOf } from '../../../service/statement/digest.ts'
import type { Channel } from './asks.ts'

/** Transport only. Never `authorization`: a token for the gateway is not one for the server. */
const forwarded = [
  'accept',
  'content-type',
  'mcp-session-id',
  'mcp-protocol-version',
  'mcp-method',
  'mcp-name',
]

/** The header in which an agent brings the purpose grant that it was issued. */
export const grantHeader = 'purpose-grant'

export function forwardedHeaders(request: IncomingMessage): Record<string, string> {
  const entries = forwarded.map((name) => [name, request.headers[name]])
  return Object.fromEntries(entries.filter(([, value]) => typeof value === 'string')) as Record<
    string,
    string
  >
}

export function returnedHeaders(answer: Response): Record<string, string> {
  const session = answer.headers.get('mcp-session-id')
  return session === null ? {} : { 'mcp-session-id': session }
}

/** Who sends, in which session; what is missing the PDP will miss too. */
export function channelOf(request: IncomingMessage): Channel {
  const accessToken = /^Bearer (\S+)$/u.exec(request.headers.authorization ?? '')?.[1]
  const header = (name: string): string | undefined => {
    const value = request.headers[name]
    return typeof value === 'string' ? value : undefined
  }
  const grant = header(grantHeader)
  return {
    session: header('mcp-session-id') ?? '',
    version: header('mcp-protocol-version') ?? 'unknown',
    caller: { key: digestOf('content', [accessToken ?? null, grant ?? null]), accessToken, grant },
  }
}
