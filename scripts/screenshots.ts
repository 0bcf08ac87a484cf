// Takes the pictures of the README: a real service, a held call, a real browser, light and dark.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { loadDevelopmentKeys } from '../service/adapter/development/development-keys.ts'
import { exampleQueries } from '../service/adapter/development/example-queries.ts'
import type { DecisionAnswer } from '../service/contract/decision.ts'
import type { Query } from '../service/contract/query.ts'
import { developmentConfig } from '../service/development-config.ts'
import { startService } from '../service/serve.ts'
import { createServiceLog } from '../service/telemetry/service-log.ts'
import { resolvePart } from './parts/resolve.ts'
import { root } from './parts/root.ts'

const folder = join(root, 'scripts/screenshots')
mkdirSync(folder, { recursive: true })
// One purpose grant for all calls: by another grant it would be another action.
let example: Query | undefined
const data = mkdtempSync(join(tmpdir(), 'countersign-screenshots-'))
const keys = await loadDevelopmentKeys(data)
const config = developmentConfig(keys, { data, port: 0, bundles: undefined })
const service = await startService(config, createServiceLog({ silent: true }))
const browser = await chromium.launch({
  executablePath: resolvePart('chromium'),
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
})
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 } })
  await page.goto(service.consoleUrl() ?? '')
  const origin = new URL(page.url()).origin
  const approved = await held({ env: 'prod', replicas: 3 })
  await page.goto(`${origin}/console/approvals/${approved}`)
  await page.click('button[value=approve]')
  await page.waitForSelector('text=You have answered.')
  await ask({ env: 'prod', replicas: 3 })
  const asked = await held({ env: 'prod', replicas: 12 })
  await held({ env: 'staging', replicas: 2 })
  await take(page, `${origin}/console`, 'queue')
  await take(page, `${origin}/console/approvals/${asked}`, 'approval')
} finally {
  await browser.close()
  await service.stop('done')
  rmSync(data, { recursive: true, force: true })
}

async function take(page: Page, url: string, name: string): Promise<void> {
  await page.goto(url)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.screenshot({ path: join(folder, `${name}-${colorScheme}.png`) })
  }
}

async function held(args: Record<string, unknown>): Promise<string> {
  const { hold, effect } = await ask(args)
  if (hold === undefined) throw new Error(`the call was not held: ${effect}`)
  return hold.id
}

async function ask(args: Record<string, unknown>): Promise<DecisionAnswer> {
  example ??= (await exampleQueries(keys)).find(({ effect }) => effect === 'hold')?.query
  if (example === undefined) throw new Error('no example is held')
  const { capability } = example
  const query: Query = { ...example, capability: { ...capability, arguments: args } }
  const reply = await fetch(`${service.url}/v1/decisions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${keys.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(query),
  })
  return (await reply.json()) as DecisionAnswer
}
