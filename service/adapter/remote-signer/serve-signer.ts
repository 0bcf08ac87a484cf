/**
 * A signer behind a Unix socket: whoever may open the socket has it sign, and nobody gets a private key out of it. What may
 * open it the modes of the socket and of its directory say.
 */
import { once } from 'node:events'
import { chmod, rm, stat } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { dirname } from 'node:path'
import { PdpError } from '../../contract/error-code.ts'
import { SignerRequest, type SignerReply } from '../../contract/signer-message.ts'
import { compileChecker } from '../../contract/validate.ts'
import type { Signer } from '../../port/signer.ts'
import { Lines } from './lines.ts'

export type ServedSigner = {
  readonly signer: Signer
  /** Rejects when the socket fails. */
  readonly failed: Promise<never>
  readonly close: () => Promise<void>
}

export type SocketPlace = {
  readonly path: string
  /** Whether the group of the socket may open it too. */
  readonly group: boolean
}

const checkRequest = compileChecker(SignerRequest)
/** Of an address in Linux; elsewhere it is less. */
const mostPathBytes = 107

/**
 * @param open gives the signer; not called when the socket cannot be
 * @throws PdpError `config_invalid` for a place where no socket can be, or another signer serves already.
 */
export async function serveSigner(
  open: () => Promise<Signer>,
  place: SocketPlace,
): Promise<ServedSigner> {
  const { path, group } = place
  await refuseUnsafe(path)
  if (await isServed(path)) throw unusable(path, 'is served by another signer: stop that one')
  const signer = await open()
  // What a signer left behind that was killed.
  await rm(path, { force: true })
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    answer(socket, signer)
  })
  server.listen(path)
  await once(server, 'listening').catch((error: unknown) => {
    const { code = '' } = error as NodeJS.ErrnoException
    throw unusable(path, `cannot be served (${code}): give this user the right to`)
  })
  await chmod(path, group ? 0o660 : 0o600)
  return {
    signer,
    failed: once(server, 'error').then(([error]: unknown[]) => {
      throw error
    }),
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

function answer(socket: Socket, signer: Signer): void {
  const lines = new Lines()
  socket.on('error', () => {
    // It closes by itself; whoever asked asks anew.
  })
  socket.on('data', (chunk: Buffer) => {
    try {
      for (const line of lines.take(chunk)) void reply(socket, signer, line)
    } catch {
      socket.destroy()
    }
  })
}

/** What is no request ends the connection: there is no number to answer under. */
async function reply(socket: Socket, signer: Signer, line: string): Promise<void> {
  const request = requestIn(line)
  if (request === null) {
    socket.destroy()
    return
  }
  const { id } = request
  const said = await done(request, signer).catch((error: unknown): SignerReply => {
    const refused = error instanceof PdpError ? error.message : 'the signer failed'
    return { id, refused }
  })
  if (socket.writable) socket.write(`${JSON.stringify(said)}\n`)
}

async function done(request: SignerRequest, signer: Signer): Promise<SignerReply> {
  const { id } = request
  switch (request.call) {
    case 'keys':
      return { id, keys: [...(await signer.keys())] }
    case 'make':
      return { id, made: await signer.make(request.use, request.algorithm) }
    case 'sign': {
      const { use, kid, bytes } = request
      const signature = await signer.sign(use, kid, Buffer.from(bytes, 'base64'))
      return { id, signature: Buffer.from(signature).toString('base64') }
    }
    case 'destroy':
      await signer.destroy(request.kid)
      return { id, destroyed: true }
  }
}

function requestIn(line: string): SignerRequest | null {
  try {
    const checked = checkRequest(JSON.parse(line))
    return checked.ok ? checked.value : null
  } catch {
    return null
  }
}

/** Whoever may write where the socket lies can put another in its place. */
async function refuseUnsafe(path: string): Promise<void> {
  if (Buffer.byteLength(path) > mostPathBytes)
    throw unusable(path, `is longer than the ${String(mostPathBytes)} bytes that a socket may have`)
  const directory = dirname(path)
  const found = await stat(directory).catch(() => null)
  if (found?.isDirectory() !== true) throw unusable(path, 'lies in no directory: make it')
  if ((found.mode & 0o022) !== 0)
    throw unusable(path, `lies where others may write: make ${directory} yours alone (chmod 700)`)
  const there = await stat(path).catch(() => null)
  if (there !== null && !there.isSocket()) throw unusable(path, 'is there and no socket')
}

async function isServed(path: string): Promise<boolean> {
  const socket = connect(path)
  const isOpen = await Promise.race([
    once(socket, 'connect').then(() => true),
    once(socket, 'error').then(() => false),
  ]).catch(() => false)
  socket.destroy()
  return isOpen
}

function unusable(path: string, what: string): PdpError {
  return new PdpError('config_invalid', `${path} ${what}; or name another place for the socket.`)
}
