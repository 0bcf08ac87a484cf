/** The command as an operator runs it: one configuration file, its own keys, signals and exit codes. */
import { spawn, type ChildProcess } from 'node:child_process'
import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto'
import { once } from 'node:events'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from '@jest/globals'
import { signingKeyIn } from '../support/published-log.ts'
import { loadDevelopmentKeys } from '../../service/adapter/development/development-keys.ts'
import { developmentTenant } from '../../service/adapter/development/development-tenant.ts'
import { mintPepToken } from '../../service/adapter/development/mint.ts'
import { readTar } from '../../service/bundle/read-tar.ts'
import { writeBundle } from '../../service/bundle/write-bundle.ts'

const root = join(import.meta.dirname, '../..')
const directory = mkdtempSync(join(tmpdir(), 'countersign-production-'))
const keys = await loadDevelopmentKeys(directory)
const children: ChildProcess[] = []
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
})

/** The bundles of the repository, signed again by a key of the tenant's own. */
function ownBundles(): { readonly directory: string; readonly publicKey: string } {
  const bundles = join(directory, 'bundles')
  mkdirSync(bundles, { recursive: true })
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const key = createPrivateKey(pair.privateKey.export({ type: 'pkcs8', format: 'pem' }))
  for (const name of ['policy', 'registry']) {
    const files = readTar(gunzipSync(readFileSync(join(root, `bundles/${name}.tar.gz`))))
    const manifest = JSON.parse(new TextDecoder().decode(files.get('.manifest'))) as {
      roots: string[]
      wasm?: unknown[]
    }
    const content = new Map([...files].filter(([path]) => !path.startsWith('.')))
    const bundle = writeBundle(
      {
        roots: manifest.roots,
        sequence: 7,
        files: content,
        ...(manifest.wasm === undefined ? {} : { wasm: manifest.wasm }),
      },
      {
        keyId: 'release',
        algorithm: 'ES256',
        scope: null,
        sign: (input) => sign('sha256', input, { key, dsaEncoding: 'ieee-p1363' }),
      },
    )
    writeFileSync(join(bundles, `${name}.tar.gz`), bundle)
  }
  const publicKey = join(directory, 'release.pem')
  writeFileSync(publicKey, pair.publicKey.export({ type: 'spki', format: 'pem' }))
  return { directory: bundles, publicKey }
}

function configFile(name: string, bundles: unknown): string {
  // Only in development may people sign in by a link.
  const { console: _console, ...tenant } = developmentTenant(keys, '')
  const path = join(directory, name)
  writeFileSync(
    path,
    JSON.stringify({
      public_url: 'https://pdp.example',
      listen: { host: '127.0.0.1', port: 0 },
      data_directory: `${name}-data`,
      tenants: [{ ...tenant, id: 'acme', bundles, signing: { algorithm: 'Ed25519' } }],
    }),
  )
  return path
}

type Run = {
  readonly child: ChildProcess
  readonly output: () => string
  readonly url: () => Promise<string>
}

function run(...args: readonly string[]): Run {
  const child = spawn(process.execPath, [join(root, 'service/main.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.push(child)
  let text = ''
  const heard = (chunk: Buffer): void => {
    text += chunk.toString()
  }
  child.stdout.on('data', heard)
  child.stderr.on('data', heard)
  const url = async (): Promise<string> => {
    for (let i = 0; i < 4000; i += 1) {
      const found = /"url":"(http:[^"]+)"/u.exec(text)?.[1]
      if (found !== undefined) return found
      await new Promise((resolve) => setTimeout(resolve, 25))
    }
    throw new Error(text)
  }
  return { child, output: () => text, url }
}

async function exitOf({ child }: Run): Promise<number> {
  const [code] = (await once(child, 'close')) as [number]
  return code
}

const question = JSON.stringify({
  phase: 'request',
  server: { id: 'ops' },
  capability: { kind: 'tool', name: 'status' },
  protocol: { version: '2026-07-28', method: 'tools/call' },
})
const ask = (url: string, credential: string): Promise<Response> =>
  fetch(`${url}/v1/decisions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${credential}`, 'content-type': 'application/json' },
    body: question,
  })

describe('the command', () => {
  it('has help, and says what is wrong with its arguments', async () => {
    const help = run('--help')
    expect(await exitOf(help)).toBe(0)
    expect(help.output()).toMatch(/serve --config/u)
    const unknown = run('fly')
    expect(await exitOf(unknown)).toBe(2)
    expect(unknown.output()).toMatch(/no command "fly"/u)
    const bare = run('serve')
    expect(await exitOf(bare)).toBe(2)
    expect(bare.output()).toMatch(/--config/u)
  })
})

describe('production', () => {
  it('refuses the signing key of the repository', async () => {
    const bundles = join(directory, 'repository-bundles')
    mkdirSync(bundles)
    for (const name of ['policy', 'registry']) {
      copyFileSync(join(root, `bundles/${name}.tar.gz`), join(bundles, `${name}.tar.gz`))
    }
    const key = join(root, 'bundles/development-key/public.pem')
    const config = configFile('development.json', {
      sources: [{ directory: bundles }],
      keys: [{ id: 'development', algorithm: 'EdDSA', public_key_file: key }],
    })
    const refused = run('serve', '--config', config)
    expect(await exitOf(refused)).toBe(1)
    expect(refused.output()).toMatch(/development key/u)
  })

  it('serves with bundles of its own key, takes no API key, and stops gracefully', async () => {
    const own = ownBundles()
    const config = configFile('production.json', {
      sources: [{ directory: own.directory }],
      keys: [{ id: 'release', algorithm: 'ES256', public_key_file: own.publicKey }],
    })
    const service = run('serve', '--config', config)
    const url = await service.url()
    expect((await ask(url, keys.apiKey)).status).toBe(401)
    const token = await mintPepToken(keys)
    const reply = await ask(url, token)
    expect(await reply.json()).toMatchObject({
      effect: 'deny',
      log: { origin: 'pdp.example/acme' },
    })
    const inFlight = Array.from({ length: 20 }, () => ask(url, token))
    await Promise.race(inFlight)
    service.child.kill('SIGTERM')
    const settled = await Promise.allSettled(inFlight)
    for (const answered of settled) {
      if (answered.status === 'fulfilled') expect(answered.value.status).toBe(200)
    }
    expect(await exitOf(service)).toBe(0)
    expect(service.output()).toMatch(/"message":"stopped"/u)
  })

  it('lets nobody else read its private keys, and a second process not into its log', async () => {
    const config = join(directory, 'production.json')
    const service = run('serve', '--config', config)
    await service.url()
    const data = join(directory, 'production.json-data/tenants/acme')
    expect(statSync(signingKeyIn(data)).mode & 0o777).toBe(0o600)
    const second = run('serve', '--config', config)
    expect(await exitOf(second)).toBe(1)
    expect(second.output()).toMatch(/another process|in use/iu)
    service.child.kill('SIGTERM')
    expect(await exitOf(service)).toBe(0)
  })
})
