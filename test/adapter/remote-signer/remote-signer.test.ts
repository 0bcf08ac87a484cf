/** A signer behind a socket: what it does wrong ends in no signature, and what it does late is waited for, within bounds. */
import { generateKeyPairSync, sign, verify, createPublicKey } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { generateSigningKey, publicHalf } from '../../../service/adapter/audit-log/keys/jwk.ts'
import { FileSigner } from '../../../service/adapter/audit-log/keys/file-signer.ts'
import { RemoteSigner } from '../../../service/adapter/remote-signer/remote-signer.ts'
import {
  serveSigner,
  type ServedSigner,
} from '../../../service/adapter/remote-signer/serve-signer.ts'
import type { SignerReply, SignerRequest } from '../../../service/contract/signer-message.ts'

let home: string
let path: string
const ends: (() => unknown)[] = []
const milliseconds = 5000

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'countersign-signer-'))
  path = join(home, 's')
})
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
  rmSync(home, { recursive: true })
})

async function connected(within = milliseconds): Promise<RemoteSigner> {
  const signer = await RemoteSigner.connect({ path, milliseconds: within })
  ends.push(() => signer.close())
  await signer.keys()
  return signer
}

async function served(): Promise<ServedSigner> {
  const open = (): Promise<FileSigner> => FileSigner.open(join(home, 'keys'), null)
  const one = await serveSigner(open, { path, group: false })
  ends.push(() => one.close().catch(() => undefined))
  return one
}

const bytes = Buffer.from('what is signed')

describe('a signer in another process', () => {
  it.each(['ES256', 'Ed25519'] as const)('makes a key and signs by it (%s)', async (algorithm) => {
    await served()
    const signer = await connected()
    const { key } = await signer.make('decision', algorithm)
    const by = { key: createPublicKey({ key, format: 'jwk' }), dsaEncoding: 'ieee-p1363' } as const
    const all = await Promise.all(
      Array.from({ length: 50 }, (_, i) => signer.sign('decision', key.kid, Buffer.from([i]))),
    )
    const digest = algorithm === 'ES256' ? 'sha256' : null
    for (const [i, signature] of all.entries())
      expect(verify(digest, Buffer.from([i]), by, signature)).toBe(true)
    expect(await (await connected()).keys()).toEqual([{ use: 'decision', key }])
    // As long as any leaf may be.
    await signer.sign('decision', key.kid, Buffer.alloc(65_535))
  })

  it('makes one note key, refuses a key for another use, and forgets what is destroyed', async () => {
    await served()
    const signer = await connected()
    const { key: note } = await signer.make('note', 'Ed25519')
    await expect(signer.make('note', 'Ed25519')).rejects.toThrow(/one for ever/u)
    const { key } = await signer.make('decision', 'ES256')
    for (const [use, kid] of [
      ['decision', note.kid],
      ['note', key.kid],
    ] as const)
      await expect(signer.sign(use, kid, bytes)).rejects.toThrow(/no private/u)
    await signer.destroy(key.kid)
    await expect(signer.sign('decision', key.kid, bytes)).rejects.toThrow(
      /no private decision key/u,
    )
    expect((await signer.keys()).map(({ use }) => use)).toEqual(['note'])
  })

  it('that is gone is known to be, and what was asked meanwhile is signed when it is back', async () => {
    const first = await served()
    const signer = await connected()
    const { key } = await signer.make('decision', 'ES256')
    expect(signer.failure()).toBeNull()
    await first.close()
    while (signer.failure() === null) await new Promise(setImmediate)
    expect(signer.failure()).toMatch(/is not there/u)
    const late = signer.sign('decision', key.kid, bytes)
    await served()
    expect((await late).length).toBe(64)
    expect(signer.failure()).toBeNull()
  })

  it('leaves a socket that only its owner opens, in a place where nobody can put another', async () => {
    await served()
    expect(statSync(path).mode & 0o777).toBe(0o600)
    await expect(served()).rejects.toThrow(/served by another signer/u)
    chmodSync(home, 0o770)
    path = join(home, 't')
    await expect(served()).rejects.toThrow(/others may write/u)
    chmodSync(home, 0o700)
    writeFileSync(path, '')
    await expect(served()).rejects.toThrow(/no socket/u)
  })

  it('ends a connection that says what is no request, and goes on with the others', async () => {
    await served()
    const signer = await connected()
    for (const said of ['hello\n', '{"id":1,"call":"export"}\n', 'x'.repeat(100_000)]) {
      const socket = connect(path)
      socket.on('error', () => undefined)
      socket.write(said)
      await once(socket, 'close')
    }
    expect(signer.failure()).toBeNull()
    await signer.make('decision', 'ES256')
  })
})

describe('a signer that does wrong gives no signature:', () => {
  const jwk = generateSigningKey('ES256')
  const key = publicHalf(jwk, 'test')
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const bySomebody = sign('sha256', bytes, { key: other, dsaEncoding: 'ieee-p1363' })

  /** Lists its key as it should, and does something else when it is to sign. */
  async function lies(
    answer: (id: number, socket: Socket) => SignerReply | string | null,
  ): Promise<void> {
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.on('data', (chunk: Buffer) => {
        for (const line of chunk.toString().trim().split('\n')) {
          const { id, call } = JSON.parse(line) as SignerRequest
          const keys = [{ use: 'decision', key }] as const
          const said = call === 'keys' ? { id, keys } : answer(id, socket)
          if (said !== null)
            socket.write(typeof said === 'string' ? said : `${JSON.stringify(said)}\n`)
        }
      })
      ends.push(() => socket.destroy())
    })
    server.listen(path)
    await once(server, 'listening')
    ends.push(() => server.close())
  }

  const signature = bySomebody.toString('base64')
  it.each<readonly [string, (id: number, socket: Socket) => SignerReply | string | null, RegExp]>([
    ['by another key', (id) => ({ id, signature }), /does not verify/u],
    ['of no length', (id) => ({ id, signature: '' }), /does not verify/u],
    ['to something else', (id) => ({ id, destroyed: true }), /an answer to something else/u],
    ['to another question', (id) => ({ id: id + 1, signature }), /has not answered/u],
    ['refused', (id) => ({ id, refused: 'no' }), /refuses: no/u],
    ['too late', () => null, /has not answered within 1000 ms/u],
    ['no reply at all', () => 'hello\n', /has not answered/u],
    ['a line without an end', () => 'x'.repeat(200_000), /has not answered/u],
    ['hung up', (_, socket) => (socket.destroy(), null), /has not answered/u],
  ])('%s', async (_what, answer, said) => {
    await lies(answer)
    const signer = await connected(1000)
    const refused = expect(signer.sign('decision', key.kid, bytes)).rejects
    await refused.toMatchObject({ code: 'audit_unavailable', message: expect.stringMatching(said) })
  })

  it('a key under the name of another is not taken', async () => {
    const wrong = { ...publicHalf(generateSigningKey('ES256'), 'test'), kid: key.kid }
    const server = createServer((socket) => {
      socket.on('data', () => {
        socket.write(`${JSON.stringify({ id: 1, keys: [{ use: 'decision', key: wrong }] })}\n`)
      })
      ends.push(() => socket.destroy())
    }).listen(path)
    ends.push(() => server.close())
    await expect(connected()).rejects.toThrow(/under a name that is not its own/u)
  })

  it('nor is one that is not there at the start waited for for ever', async () => {
    const opened = RemoteSigner.connect({ path, milliseconds: 100 })
    await expect(opened).rejects.toMatchObject({ code: 'config_invalid' })
  })
})
