/** The OCI source against a real registry that a standard client pushed to, and against one that lies. */
import { once } from 'node:events'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { resolvePart } from '../../../scripts/parts/resolve.ts'
import { pushOci } from '../../../scripts/registry/push-oci.ts'
import { parseOciReference } from '../../../service/adapter/bundle-source/oci-reference.ts'
import type { Offer } from '../../../service/port/bundle-source.ts'
import { digestOfText } from '../../../service/statement/digest.ts'
import { listenTo, textsOf, until, type Listening } from '../../support/listening-source.ts'
import { describeWithParts } from '../../support/parts.ts'
import { startRegistry, type OciRegistry } from '../../support/registry.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

function listening(config: Parameters<typeof listenTo>[0]): Listening {
  const source = listenTo(config)
  closing.push(() => source.close())
  return source
}

const often = { internal: true, min_delay_seconds: 1, max_delay_seconds: 1 } as const
const bytes = (text: string): Uint8Array => Buffer.from(text)

/** An OCI image layout with one layer, as any build tool writes it. */
function layoutOf(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-layout-'))
  mkdirSync(join(folder, 'blobs/sha256'), { recursive: true })
  const blob = (content: string | Uint8Array, mediaType: string) => {
    const digest = digestOfText(content)
    writeFileSync(join(folder, 'blobs/sha256', digest.replace('sha256:', '')), content)
    return { mediaType, digest, size: Buffer.byteLength(content) }
  }
  const config = blob(
    JSON.stringify({
      architecture: 'amd64',
      os: 'linux',
      rootfs: { type: 'layers', diff_ids: [] },
    }),
    'application/vnd.oci.image.config.v1+json',
  )
  const layers = [blob(gzipSync(text), 'application/vnd.oci.image.layer.v1.tar+gzip')]
  const mediaType = 'application/vnd.oci.image.manifest.v1+json'
  const manifest = blob(JSON.stringify({ schemaVersion: 2, mediaType, config, layers }), mediaType)
  writeFileSync(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
  writeFileSync(
    join(folder, 'index.json'),
    JSON.stringify({ schemaVersion: 2, manifests: [manifest] }),
  )
  return folder
}

function unpacked(offer: Offer | undefined): string {
  return gunzipSync(offer?.tarballs[0]?.bytes ?? '').toString()
}

function skopeoCopy(layout: string, host: string, image: string): void {
  const target = [`oci:${layout}`, `docker://${host}/${image}`]
  const given = ['--insecure-policy', 'copy', '--dest-tls-verify=false', ...target]
  const { status, stderr } = spawnSync(resolvePart('skopeo'), given, { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
}

describeWithParts('a real registry', () => {
  let registry: OciRegistry
  beforeAll(async () => {
    registry = await startRegistry()
  })
  afterAll(() => registry.stop())

  it('gives what a standard client pushed, once, and the next when the tag moves', async () => {
    skopeoCopy(layoutOf('bundle one'), registry.host, 'team/policy:live')
    const source = listening({ oci: `${registry.host}/team/policy:live`, ...often })
    await until(() => source.confirmed() > 1)
    expect(source.offers).toHaveLength(1)
    expect(unpacked(source.offers[0])).toBe('bundle one')
    expect(registry.log()).toMatch(/GET \/v2\/team\/policy\/manifests\/live[^\n]* 304 /)
    skopeoCopy(layoutOf('bundle two'), registry.host, 'team/policy:live')
    await until(() => source.offers.length === 2)
    expect(unpacked(source.offers[1])).toBe('bundle two')
    expect(source.status()).toMatchObject({ kind: 'oci', failures: 0 })
  })

  it('gives what our own push left there, by tag and by digest', async () => {
    const { digest } = await pushOci(`${registry.host}/own:v1`, bytes('mine'), { internal: true })
    for (const reference of ['own:v1', `own@${digest}`]) {
      const source = listening({ oci: `${registry.host}/${reference}`, ...often })
      await until(() => source.offers.length === 1)
      expect(source.offers[0]?.version).toBe(digest)
      expect(textsOf(source.offers[0])).toEqual(['mine'])
    }
    const again = await pushOci(`${registry.host}/own:v1`, bytes('mine'), { internal: true })
    expect(again.digest).toBe(digest)
  })

  it('whose blob was changed on its disk is found out', async () => {
    const { digest } = await pushOci(`${registry.host}/harmed:v1`, bytes('right'), {
      internal: true,
    })
    const layer = digestOfText('right').replace('sha256:', '')
    const blobs = join(registry.folder, 'docker/registry/v2/blobs/sha256', layer.slice(0, 2), layer)
    expect(readdirSync(blobs)).toEqual(['data'])
    writeFileSync(join(blobs, 'data'), 'wrong')
    const source = listening({ oci: `${registry.host}/harmed@${digest}`, ...often })
    await until(() => source.status().failures > 0)
    expect(source.offers).toHaveLength(0)
    expect(source.status().error).toMatch(/digest/)
  })

  it('without the image is a failure that says so', async () => {
    const source = listening({ oci: `${registry.host}/none:v1`, ...often })
    await until(() => source.status().failures > 0)
    expect(source.status().error).toMatch(/404/)
  })
})

describeWithParts('a registry with a password', () => {
  /** The bcrypt hash of "right". */
  const line = 'robot:$2b$04$mzXZH1kkFWUdD2SUDMUHkuk98vzRr5M9lWfGgiCBedsgK.BMJxMge'
  let registry: OciRegistry
  beforeAll(async () => {
    registry = await startRegistry(line)
  })
  afterAll(() => registry.stop())

  it('takes the right one, and keeps the wrong one out', async () => {
    const reference = `${registry.host}/locked:v1`
    const credential = { internal: true, username: 'robot', password: 'right' }
    await pushOci(reference, bytes('locked'), credential)
    await expect(
      pushOci(reference, bytes('x'), { ...credential, password: 'wrong' }),
    ).rejects.toThrow(/401.*user and a password/)
    const file = join(mkdtempSync(join(tmpdir(), 'countersign-password-')), 'password')
    writeFileSync(file, 'right\n')
    const open = listening({ oci: reference, ...often, username: 'robot', password_file: file })
    await until(() => open.offers.length === 1)
    const shut = listening({ oci: reference, ...often })
    await until(() => shut.status().failures > 0)
    expect(shut.status().error).toMatch(/user name and a password/)
    expect(JSON.stringify(open.status())).not.toContain('right')
  })
})

describe('a registry that lies', () => {
  async function serve(listener: RequestListener): Promise<string> {
    const server = createServer(listener).listen(0, '127.0.0.1')
    await once(server, 'listening')
    closing.push(() => {
      server.closeAllConnections()
      server.close()
    })
    return `127.0.0.1:${String((server.address() as AddressInfo).port)}`
  }
  const layerOf = (text: string, size = text.length) => ({
    mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
    digest: digestOfText('bundle'),
    size,
  })
  const manifestOf = (layers: unknown): string => JSON.stringify({ schemaVersion: 2, layers })

  it.each<readonly [string, RequestListener, RegExp]>([
    [
      'about the digest of its manifest',
      (_, response) => {
        response.setHeader('docker-content-digest', digestOfText('another'))
        response.end(manifestOf([layerOf('bundle')]))
      },
      /sent a manifest of digest/,
    ],
    [
      'about a layer',
      (request, response) =>
        response.end(
          request.url?.includes('/blobs/') === true ? 'other' : manifestOf([layerOf('bundle')]),
        ),
      /sent a layer of digest/,
    ],
    [
      'about a size',
      (_, response) => response.end(manifestOf([layerOf('bundle', 1e12)])),
      /make it smaller/,
    ],
    ['and has no bundle', (_, response) => response.end(manifestOf([])), /has no layer/],
    ['and is none', (_, response) => response.end('hello'), /JSON/],
    [
      'and asks for our password elsewhere',
      (_, response) => {
        const realm = 'Bearer realm="https://collector.example/token",service="x"'
        response.writeHead(401, { 'www-authenticate': realm }).end()
      },
      /not its own/,
    ],
  ])('%s', async (_what, listener, error) => {
    const file = join(mkdtempSync(join(tmpdir(), 'countersign-password-')), 'password')
    writeFileSync(file, 'secret')
    const host = await serve(listener)
    const source = listening({ oci: `${host}/a/b:c`, ...often, username: 'u', password_file: file })
    await until(() => source.status().failures > 0)
    expect(source.status().error).toMatch(error)
    expect(source.offers).toHaveLength(0)
  })
})

it.each([
  ['ghcr.example/team/policy:v1', 'v1'],
  ['127.0.0.1:5000/policy:live', 'live'],
  [`r.example/p@sha256:${'0'.repeat(64)}`, `sha256:${'0'.repeat(64)}`],
  ['policy:v1', null],
  ['r.example/policy', null],
  ['r.example/../x:v1', null],
  ['r.example/Policy:v1', null],
  ['https://r.example/p:v1', null],
])('a reference %s', (text, reference) => {
  expect(parseOciReference(text)?.reference ?? null).toBe(reference)
})
