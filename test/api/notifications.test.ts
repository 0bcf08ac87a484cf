/** Who is told of an approval: by webhook, chat and mail, each a real server; what the log says of it; what nobody was told of. */
import { writeFileSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals'
import { Webhook } from 'standardwebhooks'
import type { ApprovalView } from '../../service/contract/approval.ts'
import type { DeliveryConfig } from '../../service/contract/delivery.ts'
import { limits } from '../../service/contract/limits.ts'
import type { Query } from '../../service/contract/query.ts'
import { answer } from '../support/approver.ts'
import {
  queriesByEffect,
  startDevelopmentService,
  type DevelopmentService,
} from '../support/development-service.ts'
import { startListener, type Listener } from '../support/listener.ts'
import { until } from '../support/listening-source.ts'
import { startSmtpReceiver, type Mail, type SmtpReceiver } from '../support/smtp-receiver.ts'

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
type Posted = {
  readonly path: string
  readonly headers: Record<string, string>
  readonly body: string
}

let posts: Posted[]
let status = 200
let receiver: Listener
let mail: SmtpReceiver
let service: DevelopmentService
let held: Query
let late = 0
let replicas = 0
beforeAll(async () => {
  receiver = await startListener((request, response) => {
    void text(request).then((body) => {
      const { url = '', headers } = request
      posts.push({ path: url, headers: headers as Record<string, string>, body })
      response.writeHead(url === '/hook' ? status : 200).end('ok')
    })
  })
  mail = await startSmtpReceiver()
  const folder = mkdtempSync(join(tmpdir(), 'countersign-notices-'))
  const file = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content)
    return join(folder, name)
  }
  const deliveries: DeliveryConfig[] = [
    {
      ...{ name: 'hook', kind: 'webhook', url: `${receiver.url}/hook`, internal: true },
      secret_file: file('secret', `${secret}\n`),
    },
    { name: 'chat', kind: 'slack', url_file: file('url', `${receiver.url}/chat`), internal: true },
    {
      ...{ name: 'mail', kind: 'email', host: 'localhost', port: mail.port, security: 'starttls' },
      ...{ ca_file: mail.caFile, username: 'countersign', password_file: mail.passwordFile },
      ...{ from: 'pdp@acme.example', to: { 'release-managers': ['rm@acme.example'] } },
    },
  ]
  posts = []
  service = await startDevelopmentService({
    tenant: (tenant) => ({ ...tenant, deliveries }),
    clock: { now: () => Date.now() + late, uuid: () => crypto.randomUUID() },
  })
  held = (await queriesByEffect(service.keys)).hold
})
afterAll(async () => {
  await service.stop()
  await Promise.all([receiver.stop(), mail.stop()])
})
/** Each test has an action of its own. */
beforeEach(() => {
  posts.length = 0
  replicas += 1
  held = { ...held, capability: { ...held.capability, arguments: { env: 'prod', replicas } } }
})

async function asked(
  given: Record<string, unknown> = held.capability.arguments ?? {},
): Promise<string> {
  const { hold, reasons } = await service.ask({
    ...held,
    capability: { ...held.capability, arguments: given },
  })
  if (hold === undefined) throw new Error(`it was not held: ${JSON.stringify(reasons)}`)
  return hold.id
}

async function viewed(id: string): Promise<ApprovalView> {
  return (await service.get(`/v1/approvals/${id}`)).body['approval'] as ApprovalView
}

async function toldBy(id: string): Promise<readonly string[]> {
  return (await viewed(id)).told.map(({ delivery }) => delivery).sort()
}

/** What of an earlier test arrives late is not of this one. */
const on = (path: string, id: string): readonly Posted[] =>
  posts.filter((one) => one.path === path && one.body.includes(id))

function onlyOne<T>(all: readonly T[]): T {
  const [first] = all
  if (first === undefined || all.length > 1) throw new Error(`there are ${String(all.length)}`)
  return first
}

function expectWebhook({ body, headers }: Posted, { id, decision_id }: ApprovalView): void {
  expect(new Webhook(secret).verify(body, headers)).toMatchObject({
    type: 'approval.requested',
    data: { approval: { id, decision_id, group: 'release-managers', server: held.server.id } },
  })
  expect(headers['webhook-id']).toBe(decision_id)
}

function expectLetter({ from, to, text: letter }: Mail, id: string): void {
  expect([from, to]).toEqual(['pdp@acme.example', ['rm@acme.example']])
  expect(letter).toMatch(/^Subject: Approval requested: .* on .*$/mu)
  // Quoted-printable breaks long lines.
  expect(letter.replaceAll('=\r\n', '')).toContain(`/approvals/${id}`)
}

it('a request is told by each, once, without a name or an argument; the log has the receipts', async () => {
  const id = await asked()
  await until(async () => (await toldBy(id)).length === 3)
  // The same question again is joined to the first.
  expect(await asked()).toBe(id)
  const [hook, chat] = [onlyOne(on('/hook', id)), onlyOne(on('/chat', id))]
  const letter = onlyOne(mail.mails)
  expectWebhook(hook, await viewed(id))
  const { text: said } = JSON.parse(chat.body) as { readonly text: string }
  expect(said).toMatch(/^\*<http[^|]*\/approvals\/.*\|Approval requested: .*>\*\nWho may/u)
  expectLetter(letter, id)
  expect(JSON.stringify([hook, chat, letter])).not.toMatch(/replicas|alice/iu)
  expect(await toldBy(id)).toEqual(['chat', 'hook', 'mail'])
})

it('a webhook whose secret is another does not verify', async () => {
  const id = await asked()
  await until(async () => (await toldBy(id)).includes('hook'))
  const { body = '', headers = {} } = on('/hook', id)[0] ?? {}
  const other = new Webhook(`whsec_${Buffer.alloc(32, 8).toString('base64')}`)
  expect(() => other.verify(body, headers)).toThrow('No matching signature')
  expect(() => new Webhook(secret).verify(`${body} `, headers)).toThrow('No matching signature')
})

it('votes, a use and an end are told by webhook, in their order', async () => {
  const id = await asked()
  // Nobody is told that something is asked for which is over.
  await until(async () => (await toldBy(id)).includes('hook'))
  expect((await answer(service, id, 'rita')).status).toBe(200)
  await service.ask(held)
  const types = (): unknown[] =>
    on('/hook', id).map(({ body }) => (JSON.parse(body) as Posted & { type: string }).type)
  await until(() => types().length === 3)
  expect(types()).toEqual(['approval.requested', 'approval.voted', 'approval.used'])
})

it('a receiver that was down is told later, by the same id, and others do not wait; nobody is told twice after a restart', async () => {
  status = 503
  const id = await asked()
  await until(async () => (await toldBy(id)).length === 2)
  await until(() => on('/hook', id).length > 0)
  expect(await toldBy(id)).toEqual(['chat', 'mail'])
  status = 200
  await until(async () => (await toldBy(id)).length === 3)
  expect(new Set(on('/hook', id).map(({ headers }) => headers['webhook-id'])).size).toBe(1)
  const counts = (): readonly number[] => [
    ...['/hook', '/chat'].map((path) => on(path, id).length),
    mail.mails.length,
  ]
  const [hooks = 0, chats = 0, mails = 0] = counts()
  service = await service.restart()
  const next = await asked({ env: 'prod', replicas: 20 })
  await until(async () => (await toldBy(next)).length === 3)
  expect(counts()).toEqual([hooks, chats, mails + 1])
  expect(await toldBy(id)).toEqual(['chat', 'hook', 'mail'])
})

it('a request that is over when a receiver comes back is not asked of anybody; its end is told', async () => {
  status = 503
  const id = await asked()
  await until(() => on('/hook', id).length > 0)
  const { expires_at: end } = await viewed(id)
  late = Date.parse(end) - Date.now() + 1000
  status = 200
  await until(async () => (await viewed(id)).status === 'expired')
  await until(() => on('/hook', id).some(({ body }) => body.includes('approval.expired')))
  const told = on('/hook', id).filter(
    ({ body }) => body.includes(id) && body.includes('"approval.requested"'),
  )
  expect(
    told.every(({ headers }) => headers['webhook-id'] === told[0]?.headers['webhook-id']),
  ).toBe(true)
  expect(await toldBy(id)).not.toContain('hook')
  late = 0
})

it('what nobody was told of shows, and is still to be approved', async () => {
  await service.stop()
  const file = join(mkdtempSync(join(tmpdir(), 'countersign-notices-')), 'secret')
  writeFileSync(file, secret)
  service = await startDevelopmentService({
    tenant: (tenant) => ({
      ...tenant,
      deliveries: [
        {
          ...{ name: 'hook', kind: 'webhook', url: 'http://127.0.0.1:9/', internal: true },
          secret_file: file,
        },
      ],
    }),
    clock: { now: () => Date.now() + late, uuid: () => crypto.randomUUID() },
  })
  held = (await queriesByEffect(service.keys)).hold
  const id = await asked()
  late = (limits.untoldSeconds + 2) * 1000
  const { body } = await service.get('/readyz')
  late = 0
  expect(JSON.stringify(body)).toContain('1 approvals are asked for that nobody was told of')
  expect(await viewed(id)).toMatchObject({ status: 'pending', told: [] })
})
