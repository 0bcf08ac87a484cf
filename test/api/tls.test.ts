/** The TLS listener as its peers meet it: real handshakes, real certificates, files that are replaced while it runs. */
import { writeFileSync } from 'node:fs'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createRoot, serverCertificate, valid, type Issued } from '../support/certificates.ts'
import { startDevelopmentService, type DevelopmentService } from '../support/development-service.ts'
import { connectTls, requestOver, type Peer } from '../support/tls-client.ts'

const now = Math.floor(Date.now() / 1000)
const root = createRoot('tls root', valid(now - 3600, now + 7200))
const show = (from = now - 60, to = now + 3600): Issued =>
  serverCertificate(root, 'pdp.example', valid(from, to))
const folder = mkdtempSync(join(tmpdir(), 'countersign-tls-'))
const files = { certificate: join(folder, 'tls.pem'), key: join(folder, 'tls.key') }
const write = ({ certificates, key }: Issued): void => {
  writeFileSync(files.certificate, certificates)
  writeFileSync(files.key, key)
}
let service: DevelopmentService
let peer: Peer

beforeAll(async () => {
  write(show())
  service = await startDevelopmentService({
    tls: { certificate_file: files.certificate, key_file: files.key },
  })
  peer = { url: service.tlsUrl, ca: root.certificates, servername: 'pdp.example' }
})
afterAll(() => service.stop())

const health = 'GET /healthz'

describe('a connection', () => {
  it('is TLS 1.3 with the certificate of the files', async () => {
    const socket = await connectTls(peer)
    expect(socket.getProtocol()).toBe('TLSv1.3')
    expect(socket.authorized).toBe(true)
    expect((await requestOver(socket, health)).status).toBe(200)
  })

  it('needs no certificate of the peer, and asks with a token as on the plain listener', async () => {
    const authorization = `Bearer ${service.keys.apiKey}`
    const socket = await connectTls(peer)
    const reply = await requestOver(socket, 'GET /v1/stops', { authorization })
    expect(reply.status).toBe(200)
    const without = await requestOver(await connectTls(peer), 'GET /v1/stops')
    expect(without.status).toBe(401)
  })

  it('is refused to an older version of TLS', async () => {
    await expect(connectTls({ ...peer, maxVersion: 'TLSv1.2' })).rejects.toThrow(
      /protocol version/u,
    )
    const { body } = await service.get('/metrics')
    expect(String(body['text'])).toMatch(/countersign_tls_handshake_failures_total [1-9]/u)
  })

  it('is never resumed', async () => {
    const first = await connectTls(peer)
    const sessions: Buffer[] = []
    first.on('session', (session: Buffer) => sessions.push(session))
    await requestOver(first, health)
    for (const session of sessions) {
      const again = await connectTls({ ...peer, session })
      expect(again.isSessionReused()).toBe(false)
      await requestOver(again, health)
    }
    expect(sessions.length).toBeGreaterThan(0)
  })

  it('is plain HTTP to nobody', async () => {
    await expect(fetch(service.tlsUrl.replace('https', 'http') + '/healthz')).rejects.toThrow()
  })
})

describe('a certificate that is late', () => {
  it('is a notice of readiness, and when it ends is a metric', async () => {
    const before = await service.get('/readyz')
    expect(before.body['service']).toEqual([])
    const { body } = await service.get('/metrics')
    expect(String(body['text'])).toMatch(
      new RegExp(`countersign_tls_certificate_expires_seconds ${String(now + 3600)}`, 'u'),
    )
  })

  it('does not start with files that do not fit', async () => {
    const other = show()
    const wrong = join(folder, 'wrong.key')
    writeFileSync(wrong, other.key)
    await expect(
      startDevelopmentService({ tls: { certificate_file: files.certificate, key_file: wrong } }),
    ).rejects.toThrow(/wrong\.key is not the key of/u)
    writeFileSync(wrong, 'x')
    await expect(
      startDevelopmentService({ tls: { certificate_file: wrong, key_file: files.key } }),
    ).rejects.toThrow(/holds no certificate/u)
  })
})
