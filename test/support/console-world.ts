/** A real service of two tenants, a real OpenID provider and a real browser, for the pages that people use. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { resolvePart } from '../../scripts/parts/resolve.ts'
import {
  loadDevelopmentKeys,
  type DevelopmentKeys,
} from '../../service/adapter/development/development-keys.ts'
import type { TenantConfig } from '../../service/contract/config.ts'
import type { DecisionAnswer } from '../../service/contract/decision.ts'
import type { Leaf } from '../../service/contract/leaf.ts'
import type { Query } from '../../service/contract/query.ts'
import { systemClock } from '../../service/adapter/clock/system-clock.ts'
import { developmentConfig } from '../../service/development-config.ts'
import { startService, type RunningService } from '../../service/serve.ts'
import { queriesByEffect, silent } from './development-service.ts'
import { registryCopy, releasedBundles } from './released-bundles.ts'
import { leafOf, tokensIn } from './segment.ts'

const clientId = 'countersign-console'

export type ConsoleWorld = {
  readonly origin: string
  readonly issuer: string
  readonly data: string
  readonly running: RunningService
  readonly browser: Browser
  readonly keys: DevelopmentKeys
  readonly hold: Query
  readonly ask: (query: Query) => Promise<DecisionAnswer>
  /** The id of the approval that this deployment is held for. */
  readonly held: (args: Record<string, unknown>, changed?: Partial<Query>) => Promise<string>
  /** Lets time pass for the service. */
  readonly pass: (seconds: number) => void
  readonly stopPerson: (who: string) => Promise<void>
  /** Somebody in a browser of her own. */
  readonly signIn: (
    who: string,
    tenant?: string,
    options?: BrowserContextOptions,
  ) => Promise<Person>
  readonly leaves: () => readonly Leaf[]
  readonly stop: () => Promise<void>
}

export type Person = {
  readonly context: BrowserContext
  readonly page: Page
  /** Goes to a page of the console, and waits until it stands. */
  readonly open: (path: string) => Promise<Page>
  /** The text of the page. */
  readonly text: () => Promise<string>
}

/** Rita and Rob may approve; Alice asked, and is in the group by another account. */
export async function startConsoleWorld(
  change: (tenant: TenantConfig) => TenantConfig = (tenant) => tenant,
): Promise<ConsoleWorld> {
  const data = mkdtempSync(join(tmpdir(), 'countersign-console-'))
  const [provider, browser] = await Promise.all([startProvider(), launchBrowser()])
  const keys = await loadDevelopmentKeys(data)
  const config = developmentConfig(keys, { data, port: 0, bundles: bundlesFor(provider.issuer) })
  const [tenant] = config.tenants
  if (tenant === undefined) throw new Error('development has no tenant')
  const console = {
    sign_in: { issuer: provider.issuer, client_id: clientId, internal: true },
    roles: [{ group: 'operators', scopes: ['pdp.audit.read' as const] }],
  }
  const dev = change({ ...tenant, console })
  const other = { ...dev, id: 'other', audience: 'https://pdp.dev.countersign.test/tenants/other' }
  let passed = 0
  const clock = { ...systemClock, now: () => systemClock.now() + passed }
  const running = await startService({ ...config, tenants: [dev, other] }, silent, clock)
  const origin = running.url.replace('127.0.0.1', 'localhost')
  provider.serve([
    {
      ...{ client_id: clientId, token_endpoint_auth_method: 'none' },
      ...{ id_token_signed_response_alg: 'ES256', redirect_uris: [`${origin}/console/callback`] },
      backchannel_logout_uri: `${running.url}/console/back-channel-logout/dev`,
      backchannel_logout_session_required: true,
    },
  ])
  const { hold } = await queriesByEffect(keys)
  const ask = async (query: Query): Promise<DecisionAnswer> =>
    (await post(running.url, '/v1/decisions', keys.apiKey, query)) as DecisionAnswer
  return {
    ...{ origin, data, keys, running, browser, hold, ask, issuer: provider.issuer },
    held: async (args, changed = {}) => {
      const capability = { ...hold.capability, arguments: args }
      const { hold: asked, ...answer } = await ask({ ...hold, capability, ...changed })
      if (asked === undefined) throw new Error(`not held: ${JSON.stringify(answer.reasons)}`)
      return asked.id
    },
    pass: (seconds) => {
      passed += seconds * 1000
    },
    stopPerson: async (sub) => {
      const scope = { kind: 'initiator', iss: provider.issuer, sub }
      await post(running.url, '/v1/stops', keys.apiKey, { scope, reason: 'a drill' })
    },
    signIn: (who, tenantId = 'dev', options = {}) =>
      signIn(browser, { origin, who, tenant: tenantId }, options),
    leaves: () => tokensIn(join(data, 'tenants/dev/log')).map(leafOf),
    stop: async () => {
      await browser.close()
      await running.stop('test')
      provider.stop()
      await rm(data, { recursive: true, force: true })
    },
  }
}

async function signIn(
  browser: Browser,
  {
    origin,
    who,
    tenant,
  }: { readonly origin: string; readonly who: string; readonly tenant: string },
  options: BrowserContextOptions,
): Promise<Person> {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  page.setDefaultTimeout(60_000)
  const query = new URLSearchParams({ go: '', tenant })
  await page.goto(`${origin}/console/sign-in?${query.toString()}`)
  await page.fill('input[name=login]', who)
  await page.click('button')
  await page.waitForURL(`${origin}/console`)
  return {
    ...{ context, page },
    open: async (path) => {
      await page.goto(`${origin}${path}`)
      return page
    },
    text: () => page.innerText('main'),
  }
}

export async function launchBrowser(): Promise<Browser> {
  const { chromium } = await import('playwright-core')
  return chromium.launch({
    executablePath: resolvePart('chromium'),
    // Root has no sandbox here, and what is opened is our own.
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  })
}

/** A passkey of a device that is always willing, or not. */
export async function addAuthenticator(
  { context, page }: Person,
  isUserVerified = true,
): Promise<{ readonly verify: (isVerified: boolean) => Promise<void> }> {
  const client = await context.newCDPSession(page)
  await client.send('WebAuthn.enable')
  const { authenticatorId } = await client.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true },
      ...{ hasUserVerification: true, isUserVerified, automaticPresenceSimulation: true },
    },
  })
  return {
    verify: async (isVerified) => {
      await client.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: isVerified })
    },
  }
}

function bundlesFor(issuer: string): string {
  const registry = registryCopy()
  const account = (sub: string): { iss: string; sub: string } => ({ iss: issuer, sub })
  registry.groups['release-managers'] = ['rita', 'rob', 'alice', 'zoe'].map(account)
  registry.groups['operators'] = [account('olga')]
  registry.persons = {
    alice: [{ iss: 'https://idp.dev.countersign.test', sub: 'alice' }, account('alice')],
  }
  const deploy = registry.servers['ops']?.capabilities['tool:deploy']
  if (deploy === undefined) throw new Error('the development registry has no deploy')
  delete deploy.bounds
  delete deploy.arguments
  const restart = registry.servers['ops']?.capabilities['tool:restart']
  if (restart === undefined) throw new Error('the development registry has no restart')
  restart.effects.push('irreversible')
  restart.approval = { group: 'release-managers', quorum: 2 }
  return releasedBundles(registry).directory
}

async function startProvider(): Promise<{
  readonly issuer: string
  readonly serve: (clients: readonly object[]) => void
  readonly stop: () => void
}> {
  const script = join(import.meta.dirname, 'openid-provider.ts')
  const child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'ignore'] })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  return {
    issuer: line.toString().trim(),
    serve: (clients) => child.stdin.write(`${JSON.stringify(clients)}\n`),
    stop: () => child.stdin.end(),
  }
}

async function post(url: string, path: string, key: string, sent: unknown): Promise<unknown> {
  const reply = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(sent),
  })
  const body: unknown = await reply.json()
  if (!reply.ok) throw new Error(`${String(reply.status)} ${JSON.stringify(body)}`)
  return body
}
