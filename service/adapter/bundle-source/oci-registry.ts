/**
 * Asks a registry by the OCI distribution specification (1.1), with the credential that its challenge demands.
 *
 * A password goes to the configured registry, or to the token service that its challenge names, which must
 * speak https (http for an internal registry) and lie on the registry's own host or below its domain.
 */
import { fetchBounded, type Answer, type Ask } from '../outbound/fetch-bounded.ts'

export type RegistryAccess = {
  readonly host: string
  readonly repository: string
  readonly internal: boolean
  /** Read again whenever a credential is needed; null: none. */
  readonly credential: () => Promise<{
    readonly username: string
    readonly password: string
  } | null>
}

export type RegistryAsk = Pick<Ask, 'method' | 'body' | 'bounds' | 'signal'> & {
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
}

export type Registry = (ask: RegistryAsk) => Promise<Answer>

const tokenBounds = { milliseconds: 10_000, bytes: 64 * 1024 }

/** @param actions what a token is asked for: `pull`, or `pull,push` */
export function registryOf(access: RegistryAccess, actions: 'pull' | 'pull,push'): Registry {
  const { host, internal } = access
  const base = `${internal ? 'http' : 'https'}://${host}`
  let authorization: string | null = null
  const send = (ask: RegistryAsk): Promise<Answer> => {
    const { path, headers = {}, ...rest } = ask
    const credential = authorization === null ? {} : { authorization }
    const url = new URL(path, base).href
    if (!url.startsWith(`${base}/`))
      throw new Error(`the registry sends to ${url}, which is not itself`)
    return fetchBounded({ ...rest, url, internal, headers: { ...headers, ...credential } })
  }
  return async (ask) => {
    const first = await send(ask)
    if (first.status !== 401) return first
    authorization = await answerTo(first.header('www-authenticate') ?? '', access, actions)
    return send(ask)
  }
}

/** The Authorization header that a challenge asks for (RFC 7235; the distribution project's token specification). */
async function answerTo(
  challenge: string,
  access: RegistryAccess,
  actions: string,
): Promise<string> {
  const credential = await access.credential()
  const basic =
    credential === null
      ? null
      : `Basic ${Buffer.from(`${credential.username}:${credential.password}`).toString('base64')}`
  if (/^basic\b/i.test(challenge)) {
    if (basic === null) throw new Error('the registry asks for a user name and a password')
    return basic
  }
  const realm = /^bearer\b.*?\brealm="([^"]+)"/i.exec(challenge)?.[1]
  if (realm === undefined)
    throw new Error('the registry refuses, and asks for no credential that we know')
  return `Bearer ${await tokenFrom(tokenUrl(realm, challenge, access, actions), access, basic)}`
}

function tokenUrl(
  realm: string,
  challenge: string,
  access: RegistryAccess,
  actions: string,
): string {
  const url = URL.parse(realm)
  const registry = URL.parse(`https://${access.host}`)
  if (url === null || registry === null || !isOfSameOwner(url.hostname, registry.hostname)) {
    throw new Error(
      `the registry sends for a token to ${url?.host ?? 'nowhere'}, which is not its own`,
    )
  }
  const service = /\bservice="([^"]+)"/i.exec(challenge)?.[1]
  if (service !== undefined) url.searchParams.set('service', service)
  url.searchParams.set('scope', `repository:${access.repository}:${actions}`)
  return url.href
}

/** The same host, or both below one domain of at least two labels (`auth.example.com`, `registry.example.com`). */
function isOfSameOwner(host: string, registry: string): boolean {
  if (host === registry) return true
  const domain = registry.split('.').slice(1).join('.')
  return domain.includes('.') && (host === domain || host.endsWith(`.${domain}`))
}

async function tokenFrom(
  url: string,
  access: RegistryAccess,
  basic: string | null,
): Promise<string> {
  const headers = basic === null ? {} : { authorization: basic }
  const answer = await fetchBounded({
    url,
    internal: access.internal,
    headers,
    bounds: tokenBounds,
  })
  const body =
    answer.status === 200 ? (JSON.parse(Buffer.from(answer.bytes).toString()) as unknown) : null
  const { token, access_token: other } = (body ?? {}) as { token?: unknown; access_token?: unknown }
  const given = token ?? other
  if (typeof given === 'string') return given
  throw new Error(`the registry's token service answered ${String(answer.status)}`)
}
