/** OPA's bundle protocol against a real nginx, a server that polls long, and servers that do their worst. */
import { once } from 'node:events'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, describe, expect, it } from '@jest/globals'
import { describeWithParts } from '../../support/parts.ts'
import { listenTo, textsOf, until, type Listening } from '../../support/listening-source.ts'
import { startNginx, type Nginx } from '../../support/nginx.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

function listening(config: Parameters<typeof listenTo>[0]): Listening {
  const source = listenTo(config)
  closing.push(() => source.close())
  return source
}

async function serve(listener: RequestListener): Promise<string> {
  const server: Server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/bundle?key=secret`
}

const often = { internal: true, min_delay_seconds: 1, max_delay_seconds: 1 } as const

describeWithParts('nginx', () => {
  async function nginx(before?: Nginx): Promise<Nginx> {
    const started = await startNginx(before)
    closing.push(started.stop)
    return started
  }

  it('is asked with the ETag, and sends a bundle once', async () => {
    const server = await nginx()
    writeFileSync(join(server.folder, 'policy.tar.gz'), 'one')
    const source = listening({ url: `${server.url}/policy.tar.gz`, ...often })
    await until(() => source.confirmed() > 1)
    expect(source.offers).toHaveLength(1)
    expect(server.requests().map((line) => line.slice(0, 3))).toEqual(
      expect.arrayContaining(['200', '304', '304']),
    )
    writeFileSync(join(server.folder, 'policy.tar.gz'), 'another')
    await until(() => source.offers.length === 2)
    expect(textsOf(source.offers[1])).toEqual(['another'])
    expect(server.requests().filter((line) => line.startsWith('200'))).toHaveLength(2)
  })

  it('may be down, and is taken up again', async () => {
    const server = await startNginx()
    writeFileSync(join(server.folder, 'policy.tar.gz'), 'one')
    const source = listening({ url: `${server.url}/policy.tar.gz`, ...often })
    await until(() => source.offers.length === 1)
    await server.stop()
    await until(() => source.status().failures > 2)
    expect(source.status().error).toMatch(/ECONNREFUSED/)
    writeFileSync(join(server.folder, 'policy.tar.gz'), 'while it was down')
    await nginx(server)
    await until(() => source.offers.length === 2)
    expect(source.status()).toMatchObject({ failures: 0, error: null })
  })

  it('sends elsewhere, or has nothing: that is a failure and no offer', async () => {
    const server = await nginx()
    const moved = listening({ url: `${server.url}/moved/policy.tar.gz`, ...often })
    const absent = listening({ url: `${server.url}/absent.tar.gz`, ...often })
    await until(() => moved.status().failures > 0 && absent.status().failures > 0)
    expect(moved.status().error).toMatch(/302/)
    expect(absent.status().error).toMatch(/404/)
    expect(server.requests().some((line) => line.includes(' /policy.tar.gz'))).toBe(false)
  })

  it('is sent a token that is read again at each request', async () => {
    const server = await nginx()
    writeFileSync(join(server.folder, 'policy.tar.gz'), 'one')
    const file = join(mkdtempSync(join(tmpdir(), 'countersign-token-')), 'token')
    writeFileSync(file, 'first\n')
    const url = `${server.url}/policy.tar.gz`
    const source = listening({ url, ...often, bearer_token_file: file })
    await until(() => source.offers.length === 1)
    writeFileSync(file, 'second\n')
    await until(() => server.requests().some((line) => line.endsWith('Bearer second')))
    expect(server.requests()[0]).toMatch(/Bearer first$/)
  })
})

describe('a server that polls long', () => {
  it('holds the request until there is something new', async () => {
    const prefer: unknown[] = []
    let publish = (): void => undefined
    let version = 1
    const url = await serve((request, response) => {
      prefer.push(request.headers['prefer'])
      const answer = (): void => {
        response.setHeader('content-type', 'application/vnd.openpolicyagent.bundles')
        response.setHeader('etag', `"${String(version)}"`)
        response.end(`bundle ${String(version)}`)
      }
      if (request.headers['if-none-match'] === `"${String(version)}"`) publish = answer
      else answer()
    })
    const source = listening({ url, internal: true, long_polling_seconds: 30 })
    await until(() => source.offers.length === 1 && prefer.length === 2)
    await pause(500)
    expect(prefer).toEqual(['modes=snapshot;wait=30', 'modes=snapshot;wait=30'])
    version = 2
    const published = Date.now()
    publish()
    await until(() => source.offers.length === 2)
    expect(Date.now() - published).toBeLessThan(30_000)
    expect(source.status().location).not.toContain('secret')
  })

  it('is asked at its usual pace once it answers with another type', async () => {
    let requests = 0
    const url = await serve((_request, response) => {
      requests += 1
      response.setHeader('content-type', 'application/gzip')
      response.end('bundle')
    })
    listening({ url, ...often, long_polling_seconds: 30 })
    await until(() => requests === 1)
    await pause(700)
    expect(requests).toBe(1)
  })
})

describe('a server that does its worst', () => {
  it.each<readonly [string, RequestListener, RegExp]>([
    ['sends nothing', (_, response) => response.end(), /empty body/],
    [
      'sends too much',
      (_, response) => {
        const chunk = Buffer.alloc(1024 * 1024)
        const more = (): void => {
          while (response.write(chunk)) if (response.destroyed) return
          response.once('drain', more)
        }
        more()
      },
      /more than 33554432 bytes/,
    ],
    ['fails', (_, response) => response.writeHead(500).end('x'), /500/],
    ['hangs up', (request) => request.socket.destroy(), /socket|other side closed|ECONNRESET/],
  ])('%s', async (_what, listener, error) => {
    const source = listening({ url: await serve(listener), ...often })
    await until(() => source.status().failures > 0)
    expect(source.status().error).toMatch(error)
    expect(source.offers).toHaveLength(0)
  })

  it('has no ETag: the same bytes are not offered twice', async () => {
    let requests = 0
    const url = await serve((_request, response) => {
      requests += 1
      response.end('the same')
    })
    const source = listening({ url, ...often })
    await until(() => requests > 2)
    expect(source.offers).toHaveLength(1)
  })

  it('is not asked at all when its address is our own and nobody meant that', async () => {
    let requests = 0
    const url = await serve((_request, response) => {
      requests += 1
      response.end()
    })
    const source = listening({ url: url.replace('http:', 'https:') })
    await until(() => source.status().failures > 0)
    expect(source.status().error).toMatch(/not public/)
    expect(requests).toBe(0)
  })
})
