/** Files of a certificate and its key that something else rotates, at any moment and not at once. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import {
  openCertificateFiles,
  type CertificateFiles,
  type TlsFileNotice,
  type TlsPair,
} from '../../../service/adapter/tls/certificate-files.ts'
import { createRoot, serverCertificate, valid, type Issued } from '../../support/certificates.ts'

const now = 1_800_000_000
const root = createRoot('root', valid(now - 100, now + 1000))
const leaf = (to = now + 100): Issued => serverCertificate(root, 'pdp.example', valid(now - 50, to))
const clock = { now: () => now * 1000, uuid: () => '' }
const folder = mkdtempSync(join(tmpdir(), 'countersign-files-'))
const paths = { certificate: join(folder, 'tls.pem'), key: join(folder, 'tls.key') }
let notices: TlsFileNotice[]
let shown: TlsPair[]
let files: CertificateFiles
const first = leaf()

function write({ certificates, key }: Pick<Issued, 'certificates' | 'key'>): void {
  writeFileSync(paths.certificate, certificates)
  writeFileSync(paths.key, key)
}

beforeEach(async () => {
  notices = []
  shown = []
  write(first)
  files = await openCertificateFiles(paths, {
    clock,
    observe: (notice) => notices.push(notice),
    changed: (pair) => shown.push(pair),
  })
})
afterEach(() => {
  files.close()
})

describe('a pair of files', () => {
  it('is shown anew when it was replaced, and told once', async () => {
    const next = leaf(now + 200)
    write(next)
    await files.refresh()
    await files.refresh()
    expect(shown.map(({ cert }) => cert)).toEqual([next.certificates])
    expect(notices).toEqual([{ event: 'loaded', expiresAt: now + 200 }])
    expect(files.current().notAfter).toBe(now + 200)
  })

  it.each<readonly [string, () => void, RegExp]>([
    [
      'while only one of them is new',
      () => {
        write({ ...leaf(), key: first.key })
      },
      /is not the key/u,
    ],
    [
      'whose certificate has ended',
      () => {
        write(leaf(now - 1))
      },
      /has expired/u,
    ],
    [
      'whose certificate is none',
      () => {
        write({ ...first, certificates: 'x' })
      },
      /no certificate/u,
    ],
    [
      'whose key is none',
      () => {
        write({ ...first, key: 'x' })
      },
      /is not the key/u,
    ],
    [
      'of which one is gone',
      () => {
        rmSync(paths.key)
      },
      /ENOENT/u,
    ],
  ])('stays as it was %s', async (_when, break_, reason) => {
    break_()
    await files.refresh()
    await files.refresh()
    expect(files.current().cert).toBe(first.certificates)
    expect(shown).toEqual([])
    expect(files.failure()).toMatch(reason)
    expect(notices).toMatchObject([{ event: 'load_failed' }])
    write(first)
    await files.refresh()
    expect(files.failure()).toBeNull()
  })
})
