/**
 * Marked tokens, passwords and arguments, sent in every way that we could think of, are looked for afterwards: in the
 * service log, on standard output and error, in metrics, in problems and answers, and in every file of the data directory.
 */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import winston from 'winston'
import type { Query } from '../../service/contract/query.ts'
import { names } from '../support/party.ts'
import { startStage, type Stage } from '../support/stage.ts'
import { initiator, server, workload } from './attack.ts'

const password = `hunter2-${crypto.randomUUID()}`
const argument = `argument-${crypto.randomUUID()}`
/** Everything that must be nowhere. */
const marks = new Set<string>([password, argument])
const answers: string[] = []
let written = ''
let stage: Stage

const heard = (chunk: unknown): boolean => {
  written += String(chunk)
  return true
}

beforeAll(async () => {
  const stream = new PassThrough()
  stream.on('data', heard)
  const log = winston.createLogger({
    level: 'silly',
    format: winston.format.json(),
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- winston's types name the stream class of another declaration
    transports: [new winston.transports.Stream({ stream })],
  })
  for (const output of [process.stdout, process.stderr]) {
    const write = output.write.bind(output)
    jest.spyOn(output, 'write').mockImplementation((chunk) => heard(chunk) && write(chunk))
  }
  stage = await startStage({ log })
  for (const send of sent) await send()
  answers.push((await stage.a.call('/metrics')).text)
})
afterAll(async () => {
  jest.restoreAllMocks()
  await stage.stop()
})

/** What of a token is secret: its claims and its signature; its header is the same for many. */
function marked(token: string): string {
  for (const part of token.split('.').slice(1)) if (part.length > 20) marks.add(part)
  return token
}

async function ask(query: unknown, headers: Record<string, string> = {}): Promise<void> {
  const authorization = `Bearer ${marked(await stage.a.credential())}`
  const { text } = await stage.a.call('/v1/decisions', query, { authorization, ...headers })
  answers.push(text)
}

/** A question with secrets in it; `changes` break it in one way or another. */
async function question(changes: Partial<Query> = {}): Promise<Query> {
  const query = { ...(await stage.a.query()), ...changes }
  const { initiator: person, server: asked, purpose } = query
  for (const token of [person?.access_token, person?.dpop, asked.proof?.jwt_svid, purpose?.grant])
    if (token !== undefined) marked(token)
  for (const token of [asked.proof?.wit, asked.proof?.wpt]) if (token !== undefined) marked(token)
  return query
}

const secret = { service: argument, password, token: `Bearer ${password}` }

const sent: readonly (() => Promise<void>)[] = [
  async () => ask(await question()),
  async () => {
    const query = await question()
    await ask({
      ...query,
      capability: { ...query.capability, arguments: secret },
      request_id: 'one',
    })
  },
  // Evidence that is broken in each part, and the credential itself.
  async () => ask(await question(initiator(`${await stage.a.access()}x`))),
  async () => ask(await question(initiator(`${password}.${password}.${password}`))),
  async () => ask(await question(server(await stage.a.access()))),
  async () => {
    const wit = await stage.a.wit()
    const wpt = await stage.a.holder.wpt(wit, stage.a.audience)
    const query = await question(workload(wit, wpt))
    await ask(query)
    await ask(query)
  },
  async () => {
    const token = await stage.a.access({ cnf: { jkt: stage.a.holder.thumbprint } })
    const dpop = await stage.a.holder.dpop(token, names.resource)
    await ask(await question({ initiator: { access_token: token, dpop } }))
  },
  async () => ask(await question(), { authorization: `Bearer ${password}` }),
  async () => ask(await question(), { authorization: `Basic ${btoa(`admin:${password}`)}` }),
  async () =>
    ask(await question(), { authorization: `Bearer ${marked(await stage.b.credential())}` }),
  // In headers and addresses that nobody asked for.
  async () => ask(await question(), { 'x-api-key': password, cookie: `session=${password}` }),
  async () => {
    const query = `?access_token=${password}&password=${password}`
    const { text } = await stage.a.call(`/v1/decisions${query}`, await question())
    answers.push(text, (await stage.a.call(`/v1/decisions/dec_${password}`)).text)
  },
  // In bodies that are refused.
  async () => ask({ ...(await question()), phase: password }),
  async () => ask({ ...(await question()), data_scope: { direction: password } }),
  async () => ask(`{"phase": "${password}`),
  async () => ask(`{"phase":"request","phase":"${password}"}`),
  async () => ask(password),
  // What a person answered, and what a server gave back.
  async () => {
    const elicitation = { message: 'Sign in', requestedSchema: { type: 'object', properties: {} } }
    const capability = { kind: 'elicitation' as const, definition: elicitation }
    const result = { action: 'accept', content: { password } }
    await ask(await question({ phase: 'input_response', capability, result }))
  },
  async () => {
    const result = { content: [{ type: 'text', text: `api_key=${password}` }] }
    await ask(await question({ phase: 'result', result }))
  },
  async () => {
    const event = marked(await stage.a.event())
    const headers = { 'content-type': 'application/secevent+jwt', authorization: '' }
    answers.push((await stage.a.call('/v1/security-events', event, headers)).text)
    answers.push((await stage.a.call('/v1/security-events', `${event}x`, headers)).text)
  },
  async () => {
    const evaluation = {
      subject: { type: 'identity', id: 'alice', properties: { password } },
      ...{ action: { name: 'tools/call' }, resource: { type: 'tool', id: 'status' } },
      context: { countersign: await question() },
    }
    answers.push((await stage.a.call('/access/v1/evaluation', evaluation)).text)
  },
]

/** As it is, and in the encodings in which it could hide. */
function spellings(mark: string): readonly string[] {
  const bytes = Buffer.from(mark)
  // Base64 of a text depends on where it begins: the middle of each of the three is the same anywhere.
  const shifted = [0, 1, 2].map((skip) =>
    bytes.subarray(skip, skip + 3 * Math.floor((bytes.length - skip) / 3)).toString('base64url'),
  )
  return [mark, bytes.toString('hex'), ...shifted]
}

const found = (text: string | Buffer): readonly string[] =>
  [...marks].flatMap(spellings).filter((spelling) => text.includes(spelling))

function filesOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile())
}

describe('nowhere', () => {
  it('in an answer, a problem or a metric', () => {
    expect(answers.length).toBeGreaterThan(20)
    expect(answers.flatMap(found)).toEqual([])
  })
  it('in the service log, or on standard output and error', () => {
    expect(written).toContain('listening')
    expect(found(written)).toEqual([])
  })
  it('on disk, while it runs and after a stop', async () => {
    expect(filesOf(stage.data).filter((file) => found(readFileSync(file)).length > 0)).toEqual([])
    await stage.restart()
    expect(filesOf(stage.data).filter((file) => found(readFileSync(file)).length > 0)).toEqual([])
  })
})

it('what is planted is found: this search can fail', () => {
  const file = join(stage.data, 'planted')
  writeFileSync(file, `xx${Buffer.from(`abc ${password} def`).toString('base64url')}yy`)
  expect(found(readFileSync(file)).length).toBeGreaterThan(0)
  expect(found(`a line with ${argument}`)).toEqual([argument])
  expect(marks.size).toBeGreaterThan(40)
})
