/** A peer that speaks HTTP over TLS by hand, so that a test sees the handshake and says what is shown in it. */
import { once } from 'node:events'
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls'
import type { Issued } from './certificates.ts'

export type Peer = ConnectionOptions & {
  readonly url: string
  /** What it shows of itself. */
  readonly shows?: Issued | undefined
}

/** @throws what the handshake fails with */
export async function connectTls({ url, shows, ...options }: Peer): Promise<TLSSocket> {
  const { hostname: host, port } = new URL(url)
  const identity = shows === undefined ? {} : { cert: shows.certificates, key: shows.key }
  const socket = connect({ host, port: Number(port), ...identity, ...options })
  await once(socket, 'secureConnect')
  return socket
}

export type TlsReply = { readonly status: number; readonly body: Record<string, unknown> }

/** One request on a connection that stays open. @param line method and path, as `GET /healthz` */
export async function requestOver(
  socket: TLSSocket,
  line: string,
  headers: Readonly<Record<string, string>> = {},
  body?: unknown,
): Promise<TlsReply> {
  const text = body === undefined ? '' : JSON.stringify(body)
  const lines = Object.entries({
    host: 'pdp.example',
    'content-length': String(Buffer.byteLength(text)),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.write(`${line} HTTP/1.1\r\n${lines.join('')}\r\n${text}`)
  return await replyOf(socket)
}

async function replyOf(socket: TLSSocket): Promise<TlsReply> {
  let text = ''
  for (;;) {
    const [chunk] = (await once(socket, 'data')) as [Buffer]
    text += chunk.toString()
    const [, length] = /\r\ncontent-length: (\d+)\r\n/iu.exec(text) ?? []
    const [, body] = text.split(/\r\n\r\n(.*)/su)
    if (body !== undefined && Buffer.byteLength(body) >= Number(length)) {
      return {
        status: Number(text.slice(9, 12)),
        body: JSON.parse(body) as Record<string, unknown>,
      }
    }
  }
}
