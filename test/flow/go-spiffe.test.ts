/**
 * The same JWT-SVIDs, judged by go-spiffe and by us: both take one and name the same workload, or both refuse it, or
 * the difference has a row in scripts/tools/spiffe/README.md.
 */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { createKeySets } from '../../service/adapter/key-sets/key-sets.ts'
import { createVerifyToken } from '../../service/flow/verify-token.ts'
import type { KeySets } from '../../service/port/key-sets.ts'
import { askGoSpiffe } from '../support/go-spiffe.ts'
import { tenantAudience } from '../support/issuer.ts'
import { describeWithParts } from '../support/parts.ts'
import { makeCorpus, type Corpus, type Sample } from '../support/svid-corpus.ts'

type Judged = Sample & { readonly ours: string; readonly theirs: string }
type Difference = { readonly case: string; readonly ours: string; readonly theirs: string }

let corpus: Corpus
let keySets: KeySets
let judged: readonly Judged[]

/** Rows `| case | we say | go-spiffe says | why |` of the page that explains them. */
function explained(): readonly Difference[] {
  return readFileSync('scripts/tools/spiffe/README.md', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| ') && line.includes('`'))
    .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')))
    .map(([, name = '', ours = '', theirs = '']) => ({ case: name, ours, theirs }))
}

async function judge(): Promise<readonly Judged[]> {
  const now = Math.floor(Date.now() / 1000)
  corpus = await makeCorpus(now)
  const folder = mkdtempSync(join(tmpdir(), 'go-spiffe-'))
  const files = Object.entries(corpus.bundles).map(([domain, bundle]) => {
    const path = join(folder, `${domain}.json`)
    writeFileSync(path, JSON.stringify(bundle))
    return [domain, path] as const
  })
  keySets = await createKeySets(
    [
      {
        id: 'acme',
        issuers: [],
        trust_domains: files.map(([name, file]) => ({ name, bundle: { file } })),
      },
    ],
    { clock: { now: () => Date.now(), uuid: () => '' } },
  )
  const verify = createVerifyToken(keySets)
  const theirs = askGoSpiffe(
    corpus.samples.map(({ token }) => ({ jwt: token, audience: tenantAudience })),
    Object.fromEntries(files),
  )
  const all: Judged[] = []
  for (const [i, sample] of corpus.samples.entries()) {
    const expected = { now, audience: tenantAudience }
    const verified = await verify('jwt_svid', 'acme', sample.token, expected)
    all.push({
      ...sample,
      ours: verified.ok ? `takes ${verified.facts.spiffe_id ?? ''}` : verified.failure,
      theirs: theirs[i]?.ok === true ? `takes ${theirs[i].id ?? ''}` : 'refuses',
    })
  }
  return all
}

const agree = ({ ours, theirs }: Judged): boolean =>
  ours.startsWith('takes') ? ours === theirs : theirs === 'refuses'

describeWithParts('go-spiffe and we', () => {
  beforeAll(async () => {
    judged = await judge()
  }, 120_000)
  afterAll(async () => {
    await keySets.close()
  })

  it('judge more than a thousand JWT-SVIDs, of which some are good', () => {
    expect(judged.length).toBeGreaterThanOrEqual(1000)
    const taken = judged.filter(({ ours, theirs }) => ours === theirs)
    expect(taken.length).toBeGreaterThanOrEqual(50)
  })

  it('agree on each, but for the differences that are explained', () => {
    const seen = new Set(
      judged
        .filter((one) => !agree(one))
        .map(({ case: name, ours, theirs }) =>
          JSON.stringify([name, ours, theirs.startsWith('takes') ? 'takes it' : 'refuses']),
        ),
    )
    const known = explained().map((row) => JSON.stringify([row.case, row.ours, row.theirs]))
    expect([...seen].sort()).toEqual([...known].sort())
  })

  it('never take what the other refuses', () => {
    const loose = judged.filter(({ ours, theirs }) => ours.startsWith('takes') && theirs !== ours)
    expect(loose).toEqual([])
  })

  it('name the same workload whenever both take one', () => {
    const both = judged.filter((one) => one.ours.startsWith('takes') && one.theirs !== 'refuses')
    expect(both.filter(({ ours, theirs }) => ours !== theirs)).toEqual([])
  })
})
