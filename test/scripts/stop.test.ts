/** `countersign stop`, as an operator runs it, against a running service. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { Query } from '../../service/contract/query.ts'
import {
  queriesByEffect,
  startDevelopmentService,
  type DevelopmentService,
} from '../support/development-service.ts'

const program = join(import.meta.dirname, '../../scripts/countersign.js')
let service: DevelopmentService
let permitted: Query

beforeAll(async () => {
  service = await startDevelopmentService()
  permitted = (await queriesByEffect(service.keys)).permit
})
afterAll(async () => {
  await service.stop()
})

type Ran = { readonly code: number; readonly out: string; readonly err: string }

async function run(...given: readonly string[]): Promise<Ran> {
  const where = ['--url', service.url, '--data', service.data]
  return promisify(execFile)(process.execPath, [program, 'stop', ...given, ...where]).then(
    ({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }),
    (error: unknown) => {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
      return { code, out: stdout, err: stderr }
    },
  )
}

it('stops a server, shows it, and lifts it', async () => {
  const stopped = await run('server', 'ops', '--reason', 'an incident', '--json')
  const { id } = JSON.parse(stopped.out) as { id: string }
  expect((await service.ask(permitted)).reasons).toMatchObject([{ code: 'stop.server' }])
  expect(await run('list')).toMatchObject({
    code: 1,
    out: expect.stringContaining(`${id}  server ops`),
  })
  expect(await run('lift', id, '--reason', 'it is over')).toMatchObject({
    code: 0,
    out: 'nothing is stopped in dev\n',
  })
  expect((await service.ask(permitted)).effect).toBe('permit')
})

it.each([
  ['no reason', ['tenant'], /--reason/u],
  ['nothing named', ['server', '--reason', 'x'], /<server>; there are 0/u],
  ['too much named', ['tenant', 'dev', '--reason', 'x'], /no argument; there is 1/u],
  ['half a person', ['initiator', 'https://i.example', '--reason', 'x'], /<issuer> and <subject>/u],
  ['an unknown stop', ['lift', 'evt_x', '--reason', 'x'], /No stop of this id/u],
  ['an unknown command', ['world'], /no command/u],
])('says on one line what is wrong: %s', async (_name, given, message) => {
  const ran = await run(...given)
  expect([ran.code, ran.out]).toEqual([2, ''])
  expect(ran.err).toMatch(message)
  expect((await service.ask(permitted)).effect).toBe('permit')
})
