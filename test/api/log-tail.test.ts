/** GET /log/tail and countersign log tail, on a real service over HTTP: every entry once, in order, through lost connections. */
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { logCommands } from '../../scripts/log/commands.ts'
import { jsonLines } from '../../scripts/log/tail/json-lines.ts'
import { tail } from '../../scripts/log/tail/tail.ts'
import { limits } from '../../service/contract/limits.ts'
import type { Query } from '../../service/contract/query.ts'
import type { TailLine } from '../../service/flow/tail-log.ts'
import {
  queriesByEffect,
  startDevelopmentService,
  type DevelopmentService,
} from '../support/development-service.ts'
import { startListener } from '../support/listener.ts'
import { commandHere, runHere } from '../support/in-process.ts'

let service: DevelopmentService
let queries: Record<'permit' | 'deny' | 'hold', Query>
beforeAll(async () => {
  service = await startDevelopmentService()
  queries = await queriesByEffect(service.keys)
})
afterAll(async () => {
  await service.stop()
})

async function linesOf(path: string): Promise<readonly TailLine[]> {
  const { status, headers, body } = await service.get(path)
  expect([status, headers.get('content-type')]).toEqual([200, 'application/x-ndjson'])
  const lines = String(body['text']).split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as TailLine)
}

/** Kept: the stream of a reply that nobody holds ends when it is collected before it was read. */
const replies: Response[] = []

async function opened(path: string, signal: AbortSignal): Promise<AsyncIterable<unknown>> {
  const authorization = `Bearer ${service.keys.apiKey}`
  const ask = (): Promise<Response> =>
    fetch(`${service.url}${path}`, { headers: { authorization }, signal })
  // A stream of the test before gives its room back when the service sees that it is gone.
  let reply = await ask()
  while (reply.status === 503) reply = await ask()
  replies.push(reply)
  if (reply.status !== 200 || reply.body === null)
    throw new Error(`${String(reply.status)}, or no body`)
  return jsonLines(reply.body)
}

it('has every entry that is durable, in order, with the bytes of its leaf and nothing that is disclosed', async () => {
  const permit = await service.ask(queries.permit)
  const lines = await linesOf('/log/tail')
  expect(lines.map(({ index }) => index)).toEqual([...lines.keys()])
  expect(lines.at(-1)).toEqual({
    ...{ index: permit.log.index, leaf_hash: permit.log.leaf_hash, token: permit.token },
    leaf: expect.objectContaining({ jti: permit.decision_id }) as unknown,
  })
  const rest = await linesOf(`/log/tail?after=${String(permit.log.index - 1)}`)
  expect(rest.map(({ token }) => token)).toEqual([permit.token])
  expect(await linesOf(`/log/tail?after=${String(permit.log.index)}`)).toEqual([])
})

it('goes on with what is decided after the end was reached', async () => {
  const end = new AbortController()
  const { index } = (await service.ask(queries.deny)).log
  const seen: number[] = []
  for await (const line of await opened(
    `/log/tail?follow=true&after=${String(index - 1)}`,
    end.signal,
  )) {
    seen.push((line as TailLine).index)
    if (seen.length === 3) break
    await service.ask(queries.deny)
  }
  end.abort()
  expect(seen).toEqual([index, index + 1, index + 2])
})

it('a stream more than there may be is refused, and room is made by one that ends', async () => {
  const end = new AbortController()
  const path = '/log/tail?follow=true'
  const streams = await Promise.all(
    Array.from({ length: limits.tailStreams }, () => opened(path, end.signal)),
  )
  const readers = streams.map((stream) => stream[Symbol.asyncIterator]())
  const first = await Promise.all(readers.map((reader) => reader.next()))
  expect(first.map(({ value }) => (value as TailLine).index)).toEqual(readers.map(() => 0))
  expect((await service.get('/log/tail')).status).toBe(503)
  end.abort()
  let status = 503
  while (status === 503) ({ status } = await service.get('/log/tail'))
  expect(status).toBe(200)
})

it.each([
  ['/log/tail?after=-1', 400],
  ['/log/tail?after=1000000', 400],
  ['/log/tail?follow=yes', 400],
  ['/log/tail?since=now', 400],
])('%s is refused', async (path, status) => {
  expect((await service.get(path)).status).toBe(status)
})

it('is for whoever may read audit', async () => {
  expect((await fetch(`${service.url}/log/tail`)).status).toBe(401)
})

it('the command goes on behind the last whole line when its connection is lost, and misses none', async () => {
  const all = await linesOf('/log/tail')
  const asked: (string | undefined)[] = []
  // A proxy that cuts the first answer in the middle of its third line.
  const proxy = await startListener((request, response) => {
    asked.push(request.url)
    const headers = { authorization: request.headers.authorization ?? '' }
    void fetch(`${service.url}${request.url?.replace('follow=true', 'follow=false') ?? ''}`, {
      headers,
    })
      .then((reply) => reply.text())
      .then((text) => {
        if (asked.length > 1) response.end(text)
        else {
          const cut = text.split('\n').slice(0, 2).join('\n').length + 20
          response.write(text.slice(0, cut), () => response.destroy())
        }
      })
  })
  try {
    const printed: TailLine[] = []
    const options = { url: proxy.url, data: service.data, most: '5', after: '0' }
    const { json } = await tail.run({
      ...{ positionals: [], json: true, color: false },
      values: { ...options, follow: true },
      say: (_text, line) => printed.push(line as TailLine),
    })
    expect(printed).toEqual(all.slice(1, 6))
    expect(asked).toEqual(['/log/tail?after=0&follow=true', '/log/tail?after=2&follow=true'])
    expect(json).toEqual({ entries: 5, next: 5 })
  } finally {
    await proxy.stop()
  }
})

it('the command without --follow ends at the end of the log, in words', async () => {
  const given = ['--url', service.url, '--data', service.data]
  const ran = await commandHere(['log', 'tail', ...given])
  expect([ran.status, ran.stderr]).toEqual([0, ''])
  expect(ran.stdout).toMatch(/^0 \S+ \S+ key rotation\n/u)
  expect(ran.stdout).toMatch(/permit tool:status at ops/u)
  await expect(runHere(logCommands, ['tail', ...given, '--most', '0'])).rejects.toThrow(/--most 0/u)
})
