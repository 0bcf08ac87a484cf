/** Rows 19 and 23 to 25: what was revoked, bodies and headers that say two things, who can be told apart, what is kept. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { development } from '../../service/adapter/development/development-tenant.ts'
import type { Party } from '../support/party.ts'
import type { Stage } from '../support/stage.ts'
import type { Attack } from './attack.ts'

const revoked: Attack = {
  ...{ row: 19, what: 'a token of a session that its issuer ended', code: 'initiator.revoked' },
  play: async ({ a }) => {
    const subject = { format: 'iss_sub', iss: development.identityIssuer, sub: 'dave' }
    const dave = {
      ...(await a.query()),
      initiator: { access_token: await a.access({ sub: 'dave' }) },
    }
    const pushed = await a.call('/v1/security-events', await a.event({ sub_id: subject }), {
      'content-type': 'application/secevent+jwt',
    })
    return pushed.status === 202 ? a.ask(dave) : [String(pushed.status)]
  },
}

/** Fetch would join headers of one name; an attacker does not. */
async function withHeaders(stage: Stage, headers: readonly string[]): Promise<readonly string[]> {
  const { promise, resolve, reject } = Promise.withResolvers<readonly string[]>()
  const body = JSON.stringify(await stage.a.query())
  const { host } = new URL(stage.url())
  const plain = ['Host', host, 'Content-Type', 'application/json']
  const sized = ['Content-Length', String(Buffer.byteLength(body)), ...headers]
  const options = { method: 'POST', headers: [...plain, ...sized] }
  request(`${stage.url()}/v1/decisions`, options, (response) => {
    let text = ''
    response.on('data', (chunk: Buffer) => (text += chunk.toString()))
    response.on('end', () => {
      resolve([String(response.statusCode), (JSON.parse(text) as { code: string }).code])
    })
  })
    .on('error', reject)
    .end(body)
  return promise
}

const twofold: readonly Attack[] = [
  ...['phase', 'initiator', 'server', 'purpose'].map((member): Attack => ({
    ...{ row: 23, what: `a body with two members ${member}`, code: 'duplicate_member' },
    play: async ({ a }) => {
      const text = JSON.stringify(await a.query())
      return a.ask(text.replace('{', `{"${member}":{},`))
    },
  })),
  {
    ...{ row: 23, what: 'an AuthZEN body with two subjects', code: 'duplicate_member' },
    play: async ({ a }) => {
      const body = `{"subject":{"type":"identity","id":"alice"},"subject":{"type":"identity","id":"bob"}}`
      const { status, body: problem } = await a.call('/access/v1/evaluation', body)
      return [String(status), String(problem['code'])]
    },
  },
  {
    ...{ row: 23, what: 'two credentials, one of them good', code: 'unauthenticated' },
    play: async (stage) => {
      const good = `Bearer ${await stage.a.credential()}`
      return withHeaders(stage, ['Authorization', good, 'Authorization', 'Bearer a.b.c'])
    },
  },
  {
    ...{ row: 23, what: 'the same credential twice', code: 'unauthenticated' },
    play: async (stage) => {
      const good = `Bearer ${await stage.a.credential()}`
      return withHeaders(stage, ['Authorization', good, 'Authorization', good])
    },
  },
]

/** Status, headers that are not of the moment, and body. */
async function faceOf(party: Party, path: string, credential: string): Promise<string> {
  const { status, headers, text } = await party.call(path, undefined, {
    authorization: `Bearer ${credential}`,
  })
  const kept = [...headers].filter(([name]) => !['date', 'x-request-id'].includes(name))
  return JSON.stringify([status, kept, text])
}

const strangers: readonly Attack[] = [
  {
    ...{ row: 24, what: 'tenants, issuers, keys and clients that are there or not', code: 'alike' },
    play: async ({ a, b }) => {
      const credentials = [
        await a.credential({ aud: 'https://pdp.dev.countersign.test/tenants/none' }),
        await a.credential({ aud: b.audience }),
        await a.credential({ iss: 'https://evil.example' }),
        await a.credential({}, { kid: 'none' }),
        await a.credential({ client_id: 'nobody', sub: 'nobody' }),
        await a.credential({ sub: 'alice' }),
        await b.credential({ aud: a.audience }),
        'a.b.c',
      ]
      const faces = new Set<string>()
      for (const credential of credentials) faces.add(await faceOf(a, '/v1/stops', credential))
      return [...faces, faces.size === 1 ? 'alike' : 'different']
    },
  },
  {
    ...{ row: 24, what: "another tenant's decision, and none", code: 'alike' },
    play: async ({ a, b }) => {
      const { body } = await a.call('/v1/decisions', await a.query())
      const own = String(body['decision_id'])
      const credential = await b.credential()
      const faces = [own, own.replace(/.$/u, (last) => (last === '0' ? '1' : '0'))].map((id) =>
        faceOf(b, `/v1/decisions/${id}`, credential),
      )
      return [...new Set(await Promise.all(faces))].length === 1 ? ['alike'] : ['different']
    },
  },
]

const kept: Attack = {
  ...{ row: 25, what: 'a token that is looked for in all that is on disk', code: 'nowhere' },
  play: async ({ a, data }) => {
    const query = await a.query()
    const [effect = ''] = await a.ask(query)
    const { initiator, server, purpose } = query
    const tokens = [initiator?.access_token, server.proof?.jwt_svid, purpose?.grant]
    const marks = tokens.flatMap((token) => (token ?? '').split('.').slice(1))
    const files = readdirSync(data, { recursive: true, encoding: 'utf8' }).map((name) =>
      join(data, name),
    )
    const found = files
      .filter((file) => statSync(file).isFile())
      .filter((file) => marks.some((mark) => readFileSync(file).includes(mark)))
    return [
      effect === 'permit' ? 'was permitted' : effect,
      ...found,
      found.length === 0 ? 'nowhere' : 'somewhere',
    ]
  },
}

export const edge: readonly Attack[] = [revoked, ...twofold, ...strangers, kept]
