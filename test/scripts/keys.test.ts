/** The ceremony of README.md, command by command, and what an attacker or an accident could make of it. */
import { createPublicKey } from 'node:crypto'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { compactVerify } from 'jose'
import { FileSigner } from '../../service/adapter/audit-log/keys/file-signer.ts'
import { readTar } from '../../service/bundle/read-tar.ts'
import { writeUnsigned } from '../../service/bundle/write-bundle.ts'
import { TemporaryLogs } from '../adapter/audit-log/temporary-log.ts'
import { draft } from '../port/audit-log-drafts.ts'
import { startDevelopmentService, type DevelopmentService } from '../support/development-service.ts'
import { commandHere, type RanHere } from '../support/in-process.ts'
import { codeUnder } from '../support/readme.ts'

const home = mkdtempSync(join(tmpdir(), 'countersign-ceremony-'))
const at = (name: string): string => join(home, name)
const logs = new TemporaryLogs()
const passphrase = 'correct horse battery staple'
const [ceremony = '', , tenantKeys = ''] = codeUnder('## Keys', 'sh')
let service: DevelopmentService
let kid = ''

const isPath = /^(?:[\w-]+\/)*[\w-]+\.(?:jwe|pem|json|tar\.gz)$|^(?:passphrase|shares|tenant)$/u

/** The line as a shell would run it in a folder of its own. */
async function run(line: string): Promise<RanHere> {
  const words = [...line.matchAll(/'([^']*)'|(\S+)/gu)].map(
    ([, quoted, bare = '']) => quoted ?? bare,
  )
  const given = words
    .slice(1)
    .map((word) => (isPath.test(word) ? at(word) : word.replace('<kid>', kid)))
  const asks = /^keys (?:list|rotate|revoke)/u.test(given.slice(0, 2).join(' '))
  return commandHere([...given, ...(asks ? ['--url', service.url, '--data', service.data] : [])])
}
const lines = (block: string): readonly string[] => block.trim().split('\n')

beforeAll(async () => {
  writeFileSync(at('passphrase'), `${passphrase}\n`, { mode: 0o600 })
  mkdirSync(at('shares'))
  const files = new Map([['data.json', Buffer.from('{"limits":{"calls":1}}')]])
  writeFileSync(at('policy.tar.gz'), writeUnsigned({ roots: ['limits'], sequence: 4, files }))
  service = await startDevelopmentService({ data: at('data') })
  kid = String(((await service.get('/v1/keys')).body['keys'] as { kid: string }[])[0]?.kid)
  const log = await logs.open(at('tenant'))
  await log.append(draft('dec_1'), null)
  await log.close()
}, 120_000)
afterAll(async () => {
  await service.stop()
  await logs.clean()
  rmSync(home, { recursive: true, force: true })
}, 120_000)

describe('the ceremony of a bundle key', () => {
  it.each(lines(ceremony))('%s', async (line) => {
    expect(await run(line)).toMatchObject({ status: 0, stderr: '' })
  })

  it('gives a bundle that its public half verifies, and no file with the open key', async () => {
    const signed = readTar(gunzipSync(readFileSync(at('signed.tar.gz')))).get('.signatures.json')
    const { signatures } = JSON.parse(Buffer.from(signed!).toString()) as { signatures: [string] }
    const key = createPublicKey(readFileSync(at('bundle-key.pem')))
    expect(await compactVerify(signatures[0], key)).toMatchObject({
      protectedHeader: { kid: 'release-2027' },
    })
    for (const name of readdirSync(home).filter((one) => statSync(at(one)).isFile()))
      expect(readFileSync(at(name), 'latin1')).not.toMatch(/"d":|PRIVATE KEY/u)
    expect(statSync(at('bundle-key.jwe')).mode & 0o777).toBe(0o600)
    expect(statSync(at('shares/share-1.json')).mode & 0o777).toBe(0o600)
  })

  it('refuses fewer shares, a share twice, one of another key and one that was changed', async () => {
    mkdirSync(at('other'))
    await run(
      'countersign keys generate --out other.jwe --public other.pem --passphrase-file passphrase',
    )
    const split = ['keys', 'split', '--key', at('other.jwe'), '--passphrase-file', at('passphrase')]
    expect(await commandHere([...split, '--out', at('other')])).toMatchObject({ status: 0 })
    const share = JSON.parse(readFileSync(at('shares/share-2.json'), 'utf8')) as { share: string }
    const letter = share.share.startsWith('A') ? 'B' : 'A'
    const changed = { ...share, share: letter + share.share.slice(1) }
    writeFileSync(at('changed.json'), JSON.stringify(changed), { mode: 0o600 })
    const combine = (...names: readonly string[]): Promise<RanHere> =>
      commandHere(['keys', 'combine', ...names.flatMap((name) => ['--share', at(name)])])
    const [one, two] = ['shares/share-1.json', 'other/share-2.json']
    const refused = (said: RegExp): object => ({ status: 2, stderr: expect.stringMatching(said) })
    expect(await combine(one)).toMatchObject(refused(/1 of the 2 shares/u))
    expect(await combine(one, one)).toMatchObject(refused(/twice/u))
    expect(await combine(one, two)).toMatchObject(refused(/name shares of one key/u))
    expect(await combine(one, 'changed.json')).toMatchObject(refused(/do not make the key/u))
    const sign = ['policy', 'sign', at('policy.tar.gz'), '--key-id', 'k', '--out', at('no.tar.gz')]
    expect(await commandHere([...sign, '--share', at(one)])).toMatchObject({ status: 2 })
    expect(readdirSync(home)).not.toContain('no.tar.gz')
  })
})

describe('the keys of a log', () => {
  it.each(lines(tenantKeys))('%s', async (line) => {
    expect(await run(line)).toMatchObject({ status: 0, stderr: '' })
  })

  it('that were lost are restored and go on; another key is never written over', async () => {
    const before = readdirSync(at('tenant/keys/signing'))
    rmSync(at('tenant/keys/signing'), { recursive: true })
    rmSync(at('tenant/keys/note-ed25519.jwk'))
    const restore = 'countersign keys restore tenant --from backup.jwe --passphrase-file passphrase'
    expect(await run(restore)).toMatchObject({ status: 0 })
    expect(readdirSync(at('tenant/keys/signing'))).toEqual(before)
    const log = await logs.open(at('tenant'))
    expect((await log.append(draft('dec_2'), null)).leaf.index).toBe(1)
    await log.close()
    const other = JSON.stringify({ kty: 'oct', k: 'AA' })
    writeFileSync(at('tenant/keys/pseudonym.jwk'), other, { mode: 0o600 })
    expect(await run(restore)).toMatchObject({ status: 2 })
    expect(readFileSync(at('tenant/keys/pseudonym.jwk'), 'utf8')).toBe(other)
  })
})

describe('sealed key files', () => {
  const secret = Buffer.from(passphrase)
  it('lie open nowhere, open with their passphrase alone, and each only in its own place', async () => {
    const directory = logs.directory()
    const file = (name: string): string => join(directory, 'keys', name)
    const open = await logs.open(directory)
    await open.append(draft('dec_1'), null)
    const [held] = readdirSync(file('signing'))
    await open.close()
    // What lay open is sealed by the first start that has a passphrase.
    const sealed = await logs.open(directory, { passphrase: secret })
    await sealed.append(draft('dec_2'), null)
    expect(sealed.publicKeys.map((key) => key.kid)).toEqual([open.firstKey.kid])
    await sealed.close()
    for (const name of [
      `signing/${String(held)}`,
      'note-ed25519.jwk',
      'pseudonym.jwk',
      'disclosure.jwk',
    ]) {
      expect(readFileSync(file(name), 'utf8')).toMatch(
        /^eyJ[\w-]+\.[\w-]+\.[\w-]+\.[\w-]+\.[\w-]+\n$/u,
      )
      expect(statSync(file(name)).mode & 0o777).toBe(0o600)
    }
    const refused = (said: RegExp): object => ({
      code: 'config_invalid',
      message: expect.stringMatching(said),
    })
    await expect(logs.open(directory)).rejects.toMatchObject(refused(/is sealed/u))
    const wrong = Buffer.from('incorrect horse battery')
    await expect(logs.open(directory, { passphrase: wrong })).rejects.toMatchObject(
      refused(/cannot be opened/u),
    )
    const note = readFileSync(file('note-ed25519.jwk'))
    writeFileSync(file(`signing/${String(held)}`), note)
    await expect(logs.open(directory, { passphrase: secret })).rejects.toMatchObject(
      refused(/"note"/u),
    )
  }, 120_000)

  it('a note key is no decision key, and a key lies under its own name', async () => {
    const directory = logs.directory()
    const signer = await FileSigner.open(directory, null)
    const { key } = await signer.make('note', 'Ed25519')
    await expect(signer.sign('decision', key.kid, Buffer.from('x'))).rejects.toMatchObject({
      code: 'audit_unavailable',
    })
    const note = readFileSync(join(directory, 'note-ed25519.jwk'))
    const put = (name: string): string => join(directory, 'signing', `${name}.jwk`)
    writeFileSync(put(key.kid), note, { mode: 0o600 })
    await expect(FileSigner.open(directory, null)).rejects.toThrow(/also a decision key/u)
    rmSync(put(key.kid))
    writeFileSync(put('A'.repeat(43)), note, { mode: 0o600 })
    await expect(FileSigner.open(directory, null)).rejects.toThrow(/under its own name/u)
  })
})
