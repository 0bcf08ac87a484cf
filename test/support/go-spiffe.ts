/** go-spiffe, the reference implementation, beside a test: it judges SVIDs, and serves a bundle by its own code. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { resolvePart } from '../../scripts/parts/resolve.ts'

export type Question =
  | { readonly jwt: string; readonly audience: string }
  | { readonly x509: readonly string[]; readonly at: number }
  | { readonly bundle: string }

export type Verdict = {
  readonly ok: boolean
  readonly id?: string
  readonly error?: string
  readonly kids?: readonly string[]
  readonly cas?: number
  /** Decimal digits. */
  readonly sequence?: string
}

/** @param bundles file by trust domain; @throws Error when the program fails. */
export function askGoSpiffe(
  questions: readonly Question[],
  bundles: Readonly<Record<string, string>> = {},
): readonly Verdict[] {
  const files = Object.entries(bundles).map(([domain, path]) => `${domain}=${path}`)
  const { status, stdout, stderr } = spawnSync(resolvePart('go-spiffe'), ['judge', ...files], {
    input: questions.map((question) => `${JSON.stringify(question)}\n`).join(''),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  if (status !== 0) throw new Error(stderr)
  const lines = stdout.split('\n').filter((line) => line !== '')
  return lines.map((line) => JSON.parse(line) as Verdict)
}

export type BundleEndpoint = {
  readonly url: string
  /** PEM of the authority that vouches for its address; empty for `https_spiffe`. */
  readonly ca: string
  readonly addKey: (kid: string) => Promise<void>
  readonly removeKey: (kid: string) => Promise<void>
  readonly sequence: (number: number) => Promise<void>
  readonly refreshHint: (seconds: number) => Promise<void>
  /** Another authority takes the place of the old one, and gives the endpoint another SVID. */
  readonly renewAuthority: () => Promise<void>
  /** Another SVID for the endpoint; foreign: of another trust domain, by the same authority. */
  readonly endpointSvid: (svid: {
    readonly path?: string
    readonly seconds?: number
    readonly foreign?: boolean
  }) => Promise<void>
  /** A JWT-SVID by a key that was added, signed by go-jose. */
  readonly token: (kid: string, claims: object) => Promise<string>
  readonly bundle: () => Promise<string>
  /** How often its bundle was asked for. */
  readonly asked: () => Promise<number>
  readonly stop: () => Promise<void>
}

export async function startBundleEndpoint(
  domain: string,
  profile: 'https_web' | 'https_spiffe',
): Promise<BundleEndpoint> {
  const child = spawn(resolvePart('go-spiffe'), ['serve', domain, profile], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async (): Promise<Record<string, unknown>> => {
    const { value, done } = await lines.next()
    if (done === true) throw new Error('the bundle endpoint ended')
    return (JSON.parse(value) ?? {}) as Record<string, unknown>
  }
  let turn: Promise<unknown> = Promise.resolve()
  const tell = async (order: object): Promise<Record<string, unknown>> => {
    const answer = turn.then(() => {
      child.stdin.write(`${JSON.stringify(order)}\n`)
      return next()
    })
    turn = answer
    return await answer
  }
  const { url, ca = '' } = await next()
  const does = async (name: string, more: object = {}): Promise<void> => {
    await tell({ do: name, ...more })
  }
  return {
    url: String(url),
    ca: String(ca),
    addKey: (kid) => does('add_key', { name: kid }),
    removeKey: (kid) => does('remove_key', { name: kid }),
    sequence: (number) => does('sequence', { number }),
    refreshHint: (number) => does('refresh_hint', { number }),
    renewAuthority: () => does('renew_authority'),
    endpointSvid: ({ path = '/bundle', seconds = 3600, foreign = false }) =>
      does('endpoint_svid', { name: path, number: seconds, foreign }),
    token: async (kid, claims) => String((await tell({ do: 'token', name: kid, claims }))['token']),
    bundle: async () => String((await tell({ do: 'bundle' }))['bundle']),
    asked: async () => Number((await tell({ do: 'asked' }))['asked']),
    stop: async () => {
      const ended = once(child, 'exit')
      child.stdin.end()
      await ended
    },
  }
}

/** Writes the bundle as it is served now. */
export async function writeBundle(endpoint: BundleEndpoint, path: string): Promise<string> {
  writeFileSync(path, await endpoint.bundle())
  return path
}
