/** The published log of a real service, over HTTP: who may read it, what is in it, and what it proves. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { mintPepToken } from '../../service/adapter/development/mint.ts'
import { parseCheckpoint } from '../../service/audit/checkpoint.ts'
import { leafHash } from '../../service/audit/merkle.ts'
import { parseVerifierKey } from '../../service/audit/note-key.ts'
import { parseNote } from '../../service/audit/signed-note.ts'
import { parseProof } from '../../service/audit/tlog-proof.ts'
import { includes, isConsistent } from '../../service/audit/verify-proof.ts'
import type { ConsistencyProof, LogState } from '../../service/contract/log-state.ts'
import type { Query } from '../../service/contract/query.ts'
import {
  queriesByEffect,
  startDevelopmentService,
  type DevelopmentService,
} from '../support/development-service.ts'
import { readPublished } from '../support/read-published.ts'

let service: DevelopmentService
let queries: Record<'permit' | 'deny' | 'hold', Query>
beforeAll(async () => {
  service = await startDevelopmentService()
  queries = await queriesByEffect(service.keys)
})
afterAll(() => service.stop())

const text = async (path: string): Promise<string> => {
  const { status, body } = await service.get(path)
  expect(status).toBe(200)
  return String(body['text'])
}

/** Every file under a prefix, as a client fetches them. */
async function fetchAll(
  prefix: string,
  size: number,
  headers: Record<string, string>,
): Promise<Map<string, Buffer>> {
  const width = size % 256
  const partial = [`tile/0/000.p/${width}`, `tile/entries/000.p/${width}`]
  const files = new Map<string, Buffer>()
  for (const path of ['checkpoint', ...partial]) {
    const reply = await fetch(`${prefix}/${path}`, { headers })
    expect(reply.status).toBe(200)
    files.set(path, Buffer.from(await reply.arrayBuffer()))
  }
  return files
}

const bytes = (base64: string): Uint8Array => Buffer.from(base64, 'base64')

describe('a decision', () => {
  it('is proved to be in the log, by its token and the note key alone', async () => {
    const { decision_id: id, token, log } = await service.ask(queries.deny)
    const proof = parseProof(await text(`/log/proof/${id}`))!
    const note = parseNote(proof.checkpoint)!
    const { origin, size, root } = parseCheckpoint(note.text)!
    expect(origin).toBe('localhost/dev')
    expect(proof.index).toBe(log.index)
    expect(includes({ ...proof, size, root, leafHash: leafHash(token) })).toBe(true)
    const key = parseVerifierKey((await text('/log/keys/log.vkey')).trim())!
    const files = await fetchAll(`${service.url}/log`, size, {
      authorization: `Bearer ${service.keys.apiKey}`,
    })
    const entries = readPublished((path) => files.get(path) ?? null, key)
    expect(entries[log.index]).toBe(token)
  })

  it('is proved to whoever may read it, and to nobody else', async () => {
    const { decision_id: id } = await service.ask(queries.hold)
    const { status } = await service.get(
      `/log/proof/${id.slice(0, -1)}${id.endsWith('0') ? '1' : '0'}`,
    )
    expect(status).toBe(404)
  })
})

describe('the log', () => {
  it('of one size begins with that of every smaller one', async () => {
    for (let i = 0; i < 3; i += 1) await service.ask(queries.permit)
    const { decision_id: id } = await service.ask(queries.permit)
    await text(`/log/proof/${id}`)
    const whole = (await service.get('/log/consistency?from=1')).body as ConsistencyProof
    for (let from = 1; from <= whole.to; from += 1) {
      const one = (await service.get(`/log/consistency?from=${from}&to=${whole.to}`))
        .body as ConsistencyProof
      const roots = { fromRoot: bytes(one.from_root), toRoot: bytes(one.to_root) }
      expect(isConsistent({ from, to: one.to, ...roots, proof: one.proof.map(bytes) })).toBe(true)
      expect(one.to_root).toBe(whole.to_root)
    }
  })

  it.each([
    '',
    '?from=0',
    '?from=1.5',
    '?from=2&to=1',
    '?from=1&to=99999',
    '?from=01',
    '?from=1&size=3',
  ])('proves nothing for %s', async (parameters) => {
    expect((await service.get(`/log/consistency${parameters}`)).status).toBe(400)
  })

  it.each([
    'tile/0/000.p/255',
    'tile/0/1',
    'tile/0/000.p/0',
    'tile/entries/x001/000',
    'tile/entries/..%2f..%2fkeys%2flog.vkey',
    'tile/../../keys/note-ed25519.jwk',
    'keys/note-ed25519.jwk',
    'keys/..%2f..%2fkeys%2fnote-ed25519.jwk',
    'checkpoint.unfinished',
  ])('has no file %s', async (path) => {
    expect((await service.get(`/log/${path}`)).status).toBe(404)
  })

  it('says how far it has come, and how far it is published', async () => {
    const { decision_id: id } = await service.ask(queries.permit)
    await text(`/log/proof/${id}`)
    const { logs } = (await service.get('/readyz')).body as { logs: LogState[] }
    expect(logs).toMatchObject([{ tenant: 'dev', unpublished: 0 }])
    expect(logs[0]!.published).toBe(logs[0]!.entries)
    const metrics = await text('/metrics')
    for (const name of ['published_entries', 'unpublished_entries', 'checkpoint_age_seconds']) {
      expect(metrics).toMatch(new RegExp(`countersign_log_${name}\\{tenant="dev"\\} \\d`, 'u'))
    }
  })

  it('lets nobody read who has no credential, or another scope', async () => {
    for (const path of ['/log/checkpoint', '/log/consistency?from=1', '/log/keys/log.vkey']) {
      expect((await fetch(`${service.url}${path}`)).status).toBe(401)
      const authorization = `Bearer ${await mintPepToken(service.keys, 'pdp.evaluate')}`
      expect((await service.get(path, { authorization })).status).toBe(403)
    }
  })

  it('is under its own name only where it is public', async () => {
    for (const path of ['/dev/checkpoint', '/nobody/checkpoint', '/v1/checkpoint']) {
      expect((await service.get(path)).status).toBe(404)
    }
  })

  it('is published to its last entry when the service stops', async () => {
    service = await service.restart()
    const place = (path: string): string => join(service.data, 'tenants/dev/published', path)
    const key = parseVerifierKey(readFileSync(place('keys/log.vkey'), 'utf8').trim())!
    const read = (path: string): Uint8Array | null =>
      existsSync(place(path)) ? readFileSync(place(path)) : null
    const kinds = readPublished(read, key).map((token) => {
      const payload = Buffer.from(token.split('.')[1]!, 'base64url').toString()
      return (JSON.parse(payload) as { kind: string }).kind
    })
    expect(kinds).toContain('stop')
    expect(statSync(place('checkpoint')).mode & 0o077).toBe(0)
  })
})

it('a public log is read by everybody, and tiles are cached for ever', async () => {
  const open = await startDevelopmentService({
    tenant: (tenant) => ({ ...tenant, log: { public: true } }),
  })
  try {
    const { decision_id: id, token } = await open.ask((await queriesByEffect(open.keys)).permit)
    const proof = parseProof(String((await open.get(`/log/proof/${id}`)).body['text']))!
    const { size } = parseCheckpoint(parseNote(proof.checkpoint)!.text)!
    const files = await fetchAll(`${open.url}/dev`, size, {})
    const key = parseVerifierKey(
      readFileSync(join(open.data, 'tenants/dev/published/keys/log.vkey'), 'utf8').trim(),
    )!
    expect(readPublished((path) => files.get(path) ?? null, key)).toContain(token)
    const tile = await fetch(`${open.url}/dev/tile/0/000.p/${size}`)
    expect(tile.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect((await fetch(`${open.url}/dev/checkpoint`)).headers.get('cache-control')).toBe(
      'public, no-cache',
    )
    expect((await fetch(`${open.url}/log/checkpoint`)).status).toBe(401)
    expect((await fetch(`${open.url}/dev/checkpoint`, { method: 'POST' })).status).toBe(405)
  } finally {
    await open.stop()
  }
})
