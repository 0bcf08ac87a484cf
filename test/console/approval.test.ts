/** Approvals as people give them: a real browser, a real provider, a real log; and everybody who should not. */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import axe from 'axe-core'
import { mintAccessToken, mintPurposeGrant } from '../../service/adapter/development/mint.ts'
import { PasskeySignatures } from '../../scripts/log/verify/passkey-signatures.ts'
import { approvalPage } from '../../service/approval/approval-page.ts'
import type { ApprovalVote } from '../../service/contract/approval.ts'
import type { EventLeaf } from '../../service/contract/leaf.ts'
import {
  addAuthenticator,
  startConsoleWorld,
  type ConsoleWorld,
  type Person,
} from '../support/console-world.ts'
import { describeWithParts } from '../support/parts.ts'

describeWithParts('the console', () => {
  let world: ConsoleWorld
  let rita: Person
  let replicas = 0

  beforeAll(async () => {
    world = await startConsoleWorld()
    rita = await world.signIn('rita')
  })
  afterAll(async () => {
    await world.stop()
  })

  const another = (): Record<string, unknown> => ({ env: 'prod', replicas: (replicas += 1) })
  const effectOf = async (args: Record<string, unknown>): Promise<string> =>
    (await world.ask({ ...world.hold, capability: { ...world.hold.capability, arguments: args } }))
      .effect
  const pageOf = (id: string): string => `/console/approvals/${id}`
  const leavesOf = (kind: string): readonly EventLeaf[] =>
    world.leaves().filter((leaf): leaf is EventLeaf => leaf.kind === kind)
  const lastVote = (): ApprovalVote => leavesOf('approval_vote').at(-1)?.event as ApprovalVote

  /** Presses a button that sends a form, and waits for the page that answers. */
  async function press({ page }: Person, selector: string): Promise<void> {
    const answered = page.waitForEvent('framenavigated')
    await page.click(selector)
    await answered
  }

  /** The fields of the form of an open page. */
  async function fieldsOf({ page }: Person): Promise<Record<string, string>> {
    const entries = await page.evaluate<[string, string][]>(
      "[...new FormData(document.querySelector('.answer form') ?? document.querySelector('form'))]",
    )
    return Object.fromEntries(entries)
  }

  /** As a script would that has her cookies. */
  async function post(
    { context }: Person,
    path: string,
    form: Record<string, string>,
    headers: Record<string, string> = { origin: world.origin },
  ): Promise<{ readonly status: number; readonly text: string }> {
    const reply = await context.request.post(`${world.origin}${path}`, {
      ...{ form, headers, maxRedirects: 0 },
    })
    return { status: reply.status(), text: await reply.text() }
  }

  /** @param options of `axe.run`: in the dark only colours are different */
  async function violations({ page }: Person, options = '{}'): Promise<unknown> {
    await page.evaluate(axe.source)
    return page.evaluate(
      `axe.run(${options}).then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]))`,
    )
  }

  it('lets a person approve what is shown, and then it runs once', async () => {
    const args = another()
    const id = await world.held(args)
    await rita.open('/console')
    expect(await rita.text()).toContain('alice asks through')
    await rita.page.click(`a[href="${pageOf(id)}"]`)
    await rita.page.waitForURL(`**${pageOf(id)}`)
    expect(await rita.text()).toMatch(/deploy on ops[^]*env[^]*prod[^]*Approval required/u)
    await rita.page.fill('textarea', 'as agreed in INC-4711')
    await press(rita, 'button[value=approve]')
    expect(await rita.text()).toContain('You have answered.')
    expect([await effectOf(args), await effectOf(args)]).toEqual(['permit', 'hold'])
    expect(lastVote()).toMatchObject({
      ...{ approval_id: id, verdict: 'approve', assurance: 'signed_in' },
      ...{ pep: 'urn:countersign:console', member_by: 'registry' },
    })
  })

  it('lets a person deny by keyboard alone, on a phone', async () => {
    const args = another()
    const id = await world.held(args)
    await rita.page.setViewportSize({ width: 390, height: 800 })
    const page = await rita.open(pageOf(id))
    await page.focus('textarea')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    const answered = page.waitForEvent('framenavigated')
    await page.keyboard.press('Enter')
    await answered
    expect(await rita.text()).toContain('it is denied')
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390)
    await rita.page.setViewportSize({ width: 1280, height: 800 })
    expect(await effectOf(args)).toBe('deny')
  })

  it('shows what differs from what was approved before', async () => {
    await rita.open(pageOf(await world.held(another())))
    expect(await rita.text()).toMatch(/changed[^]*before: 1[^]*1 difference from the last one/u)
  })

  it('asks two persons where policy asks for two', async () => {
    const capability = {
      ...{ kind: 'tool' as const, name: 'restart', arguments: { service: 'api' } },
      definition: JSON.parse(
        readFileSync(`${import.meta.dirname}/../../rego/data/definitions/restart.json`, 'utf8'),
      ) as Record<string, unknown>,
    }
    const id = await world.held({}, { capability })
    const rob = await world.signIn('rob')
    await rita.open(pageOf(id))
    await press(rita, 'button[value=approve]')
    expect(await rita.text()).toMatch(/waiting[^]*2 persons/u)
    expect((await world.ask({ ...world.hold, capability })).effect).toBe('hold')
    await rob.open(pageOf(id))
    await press(rob, 'button[value=approve]')
    expect((await world.ask({ ...world.hold, capability })).effect).toBe('permit')
    await rob.context.close()
  })

  it('leads who follows a link to sign in, and then to where it led', async () => {
    const id = await world.held(another())
    const context = await world.browser.newContext()
    const page = await context.newPage()
    await page.goto(`${world.origin}${pageOf(id)}`)
    expect(page.url()).toContain('/console/sign-in?')
    await page.goto(approvalPage(world.origin, 'nobody', id))
    expect(await page.innerText('main')).toContain('Nobody signs in under that name')
    await page.goto(approvalPage(world.origin, 'dev', id))
    expect(await page.innerText('main')).toContain('Continue')
    await page.goto(`${world.origin}${pageOf(id)}`)
    await page.fill('input[name=tenant]', 'nobody')
    await page.click('button')
    expect(await page.innerText('main')).toContain('Nobody signs in under that name')
    await page.fill('input[name=tenant]', 'dev')
    await page.click('button')
    await page.click('text=Continue')
    await page.fill('input[name=login]', 'rob')
    await page.click('button')
    await page.waitForURL(`${world.origin}${pageOf(id)}`)
    await context.close()
  })

  it('has nothing that axe-core finds, light or dark', async () => {
    const id = await world.held(another())
    for (const path of ['/console', pageOf(id), '/console/passkeys', '/console/nowhere']) {
      await rita.open(path)
      expect([path, await violations(rita)]).toEqual([path, []])
      await rita.page.emulateMedia({ colorScheme: 'dark' })
      const dark = await violations(rita, "{ runOnly: ['color-contrast'] }")
      expect([path, 'dark', dark]).toEqual([path, 'dark', []])
      await rita.page.emulateMedia({ colorScheme: 'light' })
    }
  })

  describe('refuses', () => {
    it('whoever asked, by another account of the same person', async () => {
      const id = await world.held(another())
      const alice = await world.signIn('alice')
      await alice.open(pageOf(id))
      expect(await alice.text()).toContain('Whoever asked does not approve it.')
      expect(await alice.page.locator('button[value=approve]').count()).toBe(0)
      const { csrf = '' } = await fieldsOf(alice)
      const shown_digest = await rita
        .open(pageOf(id))
        .then(async () => (await fieldsOf(rita))['shown_digest'] ?? '')
      const forged = await post(alice, `${pageOf(id)}/votes`, {
        csrf,
        shown_digest,
        verdict: 'approve',
      })
      expect(forged.status).toBe(403)
      expect(leavesOf('approval_vote_refused').at(-1)?.event).toMatchObject({
        ...{ approval_id: id, refusal: 'is_initiator' },
      })
      await alice.context.close()
    })

    it('an answer that was given, sent again or changed', async () => {
      const id = await world.held(another())
      await rita.open(pageOf(id))
      const fields = await fieldsOf(rita)
      const path = `${pageOf(id)}/votes`
      expect((await post(rita, path, { ...fields, verdict: 'approve' })).status).toBe(303)
      const before = leavesOf('approval_vote').length
      expect((await post(rita, path, { ...fields, verdict: 'approve' })).status).toBe(303)
      expect((await post(rita, path, { ...fields, verdict: 'deny' })).status).toBe(409)
      expect(leavesOf('approval_vote')).toHaveLength(before)
    })

    it('a vote on what was not shown', async () => {
      const id = await world.held(another())
      const other = await world.held(another())
      await rita.open(pageOf(other))
      const fields = await fieldsOf(rita)
      const sent = await post(rita, `${pageOf(id)}/votes`, { ...fields, verdict: 'approve' })
      expect(sent.status).toBe(403)
      expect(sent.text).toContain('What was shown is not what is to be approved')
    })

    it('a form that no page of ours sent', async () => {
      const id = await world.held(another())
      await rita.open(pageOf(id))
      const fields: Record<string, string> = { ...(await fieldsOf(rita)), verdict: 'approve' }
      const path = `${pageOf(id)}/votes`
      const origin = world.origin
      const from = (headers: Record<string, string>, form = fields): Promise<number> =>
        post(rita, path, form, headers).then(({ status }) => status)
      expect([
        await from({}),
        await from({ origin: 'https://evil.example' }),
        await from({ origin: 'null' }),
        await from({ origin, 'sec-fetch-site': 'cross-site' }),
        await from({ origin, 'sec-fetch-site': 'same-site' }),
        await from({ origin }, { ...fields, csrf: '' }),
        await from({ origin }, { ...fields, csrf: 'A'.repeat(43) }),
      ]).toEqual([403, 403, 403, 403, 403, 403, 403])
      expect(await from({ origin })).toBe(303)
    })

    it('to be framed, or posted to, by another site', async () => {
      const id = await world.held(another())
      await rita.open(pageOf(id))
      const fields = { ...(await fieldsOf(rita)), verdict: 'approve' }
      const evil = await rita.context.newPage()
      const hidden = Object.entries(fields)
        .map(([name, value]) => `<input name="${name}" value="${value}">`)
        .join('')
      await evil.route('http://evil.example/*', (route) =>
        route.fulfill({
          contentType: 'text/html',
          body: `<iframe src="${world.origin}${pageOf(id)}"></iframe><form method=post action="${world.origin}${pageOf(id)}/votes">${hidden}<button>Win</button></form>`,
        }),
      )
      await evil.goto('http://evil.example/')
      expect(evil.frames().map((frame) => frame.url())).toContain('chrome-error://chromewebdata/')
      await evil.click('button')
      await evil.waitForURL(`${world.origin}/**`)
      expect(evil.url()).toContain('/console/sign-in')
      await evil.close()
      expect(await rita.open(pageOf(id)).then(() => rita.text())).toContain('waiting')
    })

    it('a person of another tenant, as if there were nothing', async () => {
      const id = await world.held(another())
      const stranger = await world.signIn('rita', 'other')
      await stranger.open(pageOf(id))
      expect(await stranger.text()).toContain('Nothing here')
      const { csrf = '' } = await fieldsOf(stranger)
      await rita.open(pageOf(id))
      const { shown_digest = '' } = await fieldsOf(rita)
      const sent = { csrf, shown_digest, verdict: 'approve' }
      expect((await post(stranger, `${pageOf(id)}/votes`, sent)).status).toBe(404)
      await stranger.context.close()
    })

    it('a person who is in no group that was asked', async () => {
      const id = await world.held(another())
      const mallory = await world.signIn('mallory')
      await mallory.open(pageOf(id))
      expect(await mallory.text()).toContain('Nothing here')
      expect(await mallory.open('/console').then(() => mallory.text())).toContain('Nothing waits')
      await mallory.context.close()
    })

    it('a session whose name somebody else chose', async () => {
      const chosen = 'A'.repeat(43)
      const context = await world.browser.newContext()
      const cookie = {
        name: '__Host-countersign',
        value: chosen,
        url: world.origin.replace('http', 'https'),
      }
      await context.addCookies([cookie])
      const planted = await context.request.get(`${world.origin}/console`, { maxRedirects: 0 })
      expect(planted.status()).toBe(303)
      await context.close()
      const [before] = await rita.context.cookies(world.origin)
      expect(before).toMatchObject({
        name: '__Host-countersign',
        httpOnly: true,
        secure: true,
        sameSite: 'Lax',
        path: '/',
      })
      await rita.open('/console/sign-in?go&tenant=dev')
      await rita.page.waitForURL(`${world.origin}/console`)
      const [after] = await rita.context.cookies(world.origin)
      expect(after?.value).not.toBe(before?.value)
      const old = await fetch(`${world.origin}/console`, {
        ...{ headers: { cookie: `__Host-countersign=${before?.value ?? ''}` }, redirect: 'manual' },
      })
      expect(old.status).toBe(303)
    })
  })

  it('runs nothing that is written in what it shows, and writes out what would not show', async () => {
    const evil =
      '<img src=x onerror="document.title=1">\u202Etxt.exe\u200B</pre><script>document.title=2</script>'
    const sub = `alice${evil}`
    const client = 'https://agent.dev.countersign.test/client.json'
    const access_token = await mintAccessToken(
      world.keys,
      { sub, groups: ['staff', 'sre', evil], client },
      'https://mcp.dev.countersign.test/ops',
    )
    const grant = await mintPurposeGrant(world.keys, sub, {
      purpose: { code: 'incident.restore', ref: evil },
      capabilities: ['ops/tool:deploy'],
      data: {
        classifications: ['internal'],
        resources: [],
        residency: ['EU'],
        directions: ['internal'],
      },
    })
    const id = await world.held(
      { env: evil, [evil]: [evil, { [evil]: evil }], pаypal: 'p\u0430ypal' },
      { initiator: { access_token }, purpose: { code: 'incident.restore', ref: evil, grant } },
    )
    for (const path of ['/console', pageOf(id)]) {
      await rita.open(path)
      const text = await rita.text()
      expect(text).toContain(
        '<img src=x onerror="document.title=1">⟨U+202E⟩txt.exe⟨U+200B⟩</pre><script>',
      )
      expect(text).not.toMatch(/[\u202E\u200B]/u)
      expect(await rita.page.title()).toContain('Countersign')
      expect(await rita.page.locator('main img, main script').count()).toBe(0)
    }
    expect(await rita.text()).toContain('pа⟨U+0430⟩ypal')
  })

  describe('with a passkey', () => {
    it('signs what is approved, once, and the log keeps the signature', async () => {
      const { verify } = await addAuthenticator(rita)
      await rita.open('/console/passkeys')
      await rita.page.click('text=Sign in again')
      await rita.page.fill('input[name=login]', 'rita')
      await rita.page.click('button')
      await rita.page.click('button.primary')
      await rita.page.waitForSelector('.votes li')
      const [enrolled] = leavesOf('passkey_enrolled')
      expect(enrolled?.event).toMatchObject({ rp_id: 'localhost', origin: world.origin })

      const args = another()
      const id = await world.held(args)
      await rita.open(pageOf(id))
      await verify(false)
      await rita.page.click('button[value=approve]')
      await rita.page.waitForSelector('[data-said]:not([hidden])')
      expect(leavesOf('approval_vote').some(({ event }) => event['approval_id'] === id)).toBe(false)
      await verify(true)
      const sent = rita.page.waitForRequest((request) => request.url().endsWith('/votes'))
      await press(rita, 'button[value=approve]')
      const form = new URLSearchParams((await sent).postData() ?? '')
      await rita.page.waitForSelector('text=You have answered.')
      expect(lastVote()).toMatchObject({ approval_id: id, assurance: 'passkey' })
      expect(lastVote().passkey?.credential_id).toBe(enrolled?.event['credential_id'])
      expect(await effectOf(args)).toBe('permit')
      const auditor = new PasskeySignatures()
      for (const leaf of world.leaves()) auditor.check(leaf)

      const next = await world.held(another())
      await rita.open(pageOf(next))
      const fields = { ...(await fieldsOf(rita)), verdict: 'approve' }
      const path = `${pageOf(next)}/votes`
      const replayed = await post(rita, path, { ...fields, assertion: form.get('assertion') ?? '' })
      expect([replayed.status, replayed.text.includes('was used before')]).toEqual([403, true])
      expect((await post(rita, path, { ...fields, assertion: '' })).status).toBe(403)
      expect((await post(rita, path, { ...fields, assertion: '{"id":1}' })).status).toBe(403)
      expect(lastVote().approval_id).toBe(id)
    })

    it('changes none but just after a sign-in', async () => {
      world.pass(6 * 60)
      await rita.open('/console/passkeys')
      expect(await rita.text()).toContain('Sign in again')
      const { csrf = '' } = await fieldsOf(rita)
      expect((await post(rita, '/console/passkeys/options', { csrf })).status).toBe(403)
    })
  })

  describe('ends a session', () => {
    it('when its person signs out, and when her provider says so', async () => {
      const zoe = await world.signIn('zoe')
      const other = await world.signIn('zoe')
      await zoe.page.click('form[action="/console/sign-out"] button')
      await zoe.page.waitForURL('**/console/sign-in?out')
      expect(await zoe.text()).toContain('You are signed out')
      await other.page.goto(`${world.issuer}/session/end`)
      await other.page.click('button[name=logout]')
      await other.page.waitForURL('**/session/end/success*')
      await other.open('/console')
      expect(other.page.url()).toContain('/console/sign-in')
      const url = `${world.origin}/console/back-channel-logout/dev`
      const body = new URLSearchParams({ logout_token: 'eyJhbGciOiJub25lIn0.e30.' })
      expect((await fetch(url, { method: 'POST', body })).status).toBe(401)
      await zoe.context.close()
      await other.context.close()
    })

    it('when she is stopped, at the next request', async () => {
      const zoe = await world.signIn('zoe')
      await world.stopPerson('zoe')
      await zoe.open('/console')
      expect(zoe.page.url()).toContain('/console/sign-in')
      await zoe.context.close()
    })

    it('when it was idle; and what nobody answered in time is over', async () => {
      const id = await world.held(another())
      world.pass(3601)
      await rita.open('/console')
      expect(rita.page.url()).toContain('/console/sign-in')
      const again = await world.signIn('rita')
      await again.open(pageOf(id))
      expect(await again.text()).toContain('it is ended unanswered')
    })
  })
})
