/** The bounded fetcher against real servers that do their worst. */
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import { fetchKeySet } from '../../../service/adapter/key-sets/fetch-key-set.ts'
import { faultOfUrl } from '../../../service/adapter/outbound/fetch-bounded.ts'
import { isPublicAddress, lookupPublic } from '../../../service/adapter/outbound/public-address.ts'

const servers: Server[] = []
const inside = { internal: true }
const bounds = { milliseconds: 60_000, bytes: 64 * 1024 }
const short = { ...bounds, milliseconds: 400 }

async function serve(
  listener: RequestListener,
): Promise<{ url: string; connections: () => number }> {
  let connections = 0
  const server = createServer(listener).on('connection', () => (connections += 1))
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${String(port)}/keys`, connections: () => connections }
}

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

describe('what is fetched', () => {
  it.each([
    ['max-age=120', 120],
    ['public, max-age="60", immutable', 60],
    ['MAX-AGE=5', 5],
    ['no-store', 0],
    ['no-cache, max-age=60', 0],
    ['private', null],
    [undefined, null],
    ['s-maxage=60', null],
    ['max-age=-5', null],
    ['max-age=99999999999', null],
  ])('Cache-Control: %s', async (header, seconds) => {
    const { url } = await serve((_request, response) => {
      if (header !== undefined) response.setHeader('cache-control', header)
      response.end('{"keys":[]}')
    })
    const { bytes, maxAgeSeconds } = await fetchKeySet(url, inside, bounds)
    expect([textOf(bytes), maxAgeSeconds]).toEqual(['{"keys":[]}', seconds])
  })

  it('carries nothing of us, and asks for no encoding that could expand', async () => {
    const seen: string[][] = []
    const { url } = await serve((request, response) => {
      seen.push(Object.keys(request.headers).sort())
      response.setHeader('set-cookie', 'a=b')
      response.end('{}')
    })
    await fetchKeySet(url, inside, bounds)
    await fetchKeySet(url, inside, bounds)
    expect(seen).toEqual([
      ['accept', 'connection', 'host'],
      ['accept', 'connection', 'host'],
    ])
  })

  it('comes from a private address by name, where that is meant', async () => {
    const { url } = await serve((_request, response) => response.end('{}'))
    const byName = url.replace('127.0.0.1', 'localhost')
    expect(textOf((await fetchKeySet(byName, inside, bounds)).bytes)).toBe('{}')
  })

  it('may have just as many bytes as the bound says', async () => {
    const { url } = await serve((_request, response) =>
      response.end(Buffer.alloc(bounds.bytes, 0x20)),
    )
    expect((await fetchKeySet(url, inside, bounds)).bytes).toHaveLength(bounds.bytes)
    await expect(fetchKeySet(url, inside, { ...bounds, bytes: bounds.bytes - 1 })).rejects.toThrow(
      'more than',
    )
  })

  it('uses no proxy of the environment', async () => {
    const proxy = await serve((_request, response) => response.end('{}'))
    const { url } = await serve((_request, response) => response.end('{"keys":[]}'))
    process.env['HTTP_PROXY'] = process.env['http_proxy'] = proxy.url
    try {
      expect(textOf((await fetchKeySet(url, inside, bounds)).bytes)).toBe('{"keys":[]}')
    } finally {
      delete process.env['HTTP_PROXY']
      delete process.env['http_proxy']
    }
    expect(proxy.connections()).toBe(0)
  })
})

describe('a server that does its worst', () => {
  /** Of a server that never comes to an end: without a bound there would be none. */
  const outcomeOf = (promise: Promise<unknown>): Promise<string> =>
    promise.then(
      () => 'accepted',
      (error: unknown) => (error as Error).message,
    )

  it('redirects: the target is never asked', async () => {
    const target = await serve((_request, response) => response.end('{"keys":[]}'))
    for (const status of [301, 302, 303, 307, 308]) {
      const { url } = await serve((_request, response) =>
        response.writeHead(status, { location: target.url }).end(),
      )
      await expect(fetchKeySet(url, inside, bounds)).rejects.toThrow(
        `the server answered ${String(status)}`,
      )
    }
    expect(target.connections()).toBe(0)
  })

  it.each([204, 304, 401, 404, 500, 503])('answers %s', async (status) => {
    const { url } = await serve((_request, response) => response.writeHead(status).end())
    await expect(fetchKeySet(url, inside, bounds)).rejects.toThrow(String(status))
  })

  it('sends 200 MB: we stop at the bound', async () => {
    let sent = 0
    const chunk = Buffer.alloc(64 * 1024, 0x20)
    const { url } = await serve((_request, response) => {
      const pump = (): void => {
        while (sent < 200 * 1024 * 1024 && !response.destroyed) {
          sent += chunk.length
          if (!response.write(chunk)) {
            response.once('drain', pump)
            return
          }
        }
        response.end()
      }
      pump()
    })
    const before = process.memoryUsage.rss()
    await expect(fetchKeySet(url, inside, bounds)).rejects.toThrow('more than 65536 bytes')
    expect(sent).toBeLessThan(16 * 1024 * 1024)
    expect(process.memoryUsage.rss() - before).toBeLessThan(64 * 1024 * 1024)
  })

  it('drips its body, byte by byte', async () => {
    const { url } = await serve((_request, response) => {
      response.write('{')
      const drip = setInterval(() => response.write(' '), 50)
      response.on('close', () => {
        clearInterval(drip)
      })
    })
    expect(await outcomeOf(fetchKeySet(url, inside, short))).toMatch(/timeout|aborted/u)
  })

  it('never answers, or hangs up', async () => {
    const silent = await serve(() => undefined)
    expect(await outcomeOf(fetchKeySet(silent.url, inside, short))).toMatch(/timeout|aborted/u)
    const rude = await serve((request) => request.socket.destroy())
    expect(await outcomeOf(fetchKeySet(rude.url, inside, bounds))).not.toBe('accepted')
  })

  it('cuts its body short', async () => {
    const { url } = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': 100 })
      response.write('{"keys":[]}')
      setTimeout(() => response.destroy(), 20)
    })
    await expect(fetchKeySet(url, inside, bounds)).rejects.toThrow()
  })
})

describe('our own network is not reachable through a key set', () => {
  it('a private address is refused before any connection', async () => {
    const canary = await serve((_request, response) => response.end('{}'))
    const { port } = new URL(canary.url)
    const hosts = [
      '127.0.0.1',
      'localhost',
      '0x7f.1',
      '2130706433',
      '0',
      '[::1]',
      '[::ffff:127.0.0.1]',
    ]
    for (const host of hosts) {
      await expect(
        fetchKeySet(`https://${host}:${port}/`, { internal: false }, bounds),
      ).rejects.toThrow(/not public/u)
    }
    expect(canary.connections()).toBe(0)
  })

  it('a name is resolved once, and each of its addresses must be public', async () => {
    const resolve = (all: boolean): Promise<string> =>
      new Promise((done) => {
        lookupPublic('localhost', { all }, (error) => {
          done(error?.message ?? 'resolved')
        })
      })
    expect(await resolve(true)).toBe('localhost has an address that is not public')
    expect(await resolve(false)).toBe('localhost has an address that is not public')
  })

  it('a public address is connected to as it was vetted', async () => {
    const resolve = (all: boolean): Promise<unknown[]> =>
      new Promise((done) => {
        lookupPublic('8.8.8.8', { all }, (...results) => {
          done(results)
        })
      })
    expect(await resolve(true)).toEqual([null, [{ address: '8.8.8.8', family: 4 }]])
    expect(await resolve(false)).toEqual([null, '8.8.8.8', 4])
  })

  it('a name that does not resolve is an error', async () => {
    await expect(
      fetchKeySet('https://no-such-host.invalid/', { internal: false }, bounds),
    ).rejects.toThrow()
  })

  it.each([
    ['1.1.1.1', true],
    ['8.8.8.8', true],
    ['2606:4700::1111', true],
    ['0.0.0.0', false],
    ['10.1.2.3', false],
    ['100.64.0.1', false],
    ['127.1.2.3', false],
    ['169.254.169.254', false],
    ['172.16.0.1', false],
    ['172.31.255.255', false],
    ['172.32.0.1', true],
    ['192.168.1.1', false],
    ['192.0.0.8', false],
    ['198.18.0.1', false],
    ['224.0.0.1', false],
    ['255.255.255.255', false],
    ['::', false],
    ['::1', false],
    ['::ffff:8.8.8.8', false],
    ['::ffff:10.0.0.1', false],
    ['64:ff9b::a00:1', false],
    ['2001:db8::1', false],
    ['2002:a00:1::', false],
    ['fc00::1', false],
    ['fd12::1', false],
    ['fe80::1', false],
    ['fe80::1%eth0', false],
    ['ff02::1', false],
    ['localhost', false],
    ['', false],
  ])('%s', (address, isPublic) => {
    expect(isPublicAddress(address)).toBe(isPublic)
  })

  it.each([
    ['https://idp.example/keys', false, null],
    ['https://1.1.1.1/', false, null],
    ['http://10.0.0.1/', true, null],
    ['https://[::1]/', true, null],
    ['http://idp.example/', false, 'use https'],
    ['file:///etc/passwd', true, 'use https'],
    ['ftp://idp.example', false, 'use https'],
    ['keys.json', false, 'write an absolute URL'],
    ['https://u@idp.example/', false, 'leave out user, password and fragment'],
    ['https://:p@idp.example/', false, 'leave out user, password and fragment'],
    ['https://idp.example/#a', false, 'leave out user, password and fragment'],
    [
      'https://169.254.169.254/latest',
      false,
      'the address is not public: mark the entry internal if it is meant',
    ],
  ])('%s (internal: %s)', (url, internal, fault) => {
    expect(faultOfUrl(url, internal)).toBe(fault)
  })
})
