/**
 * The same JWT-SVIDs, judged by go-spiffe and by us: both take one and name the same workload, or both refuse it, or
 * the difference has a row in scripts/tools/spiffe/README.md.
 */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { createKeySets } from '../../service/adapter/key-sets/key-sets.ts'
import { createVerifyToken } from '../../service/flow/verify-token.ts'
import type { KeySets } from '../../service/port/key-sets.ts'
import { askGoSpiffe } from '../support/go-spiffe.ts'
import {
  explainedDifferences,
  foundDifferences,
  type Judged,
} from '../support/go-spiffe-differences.ts'
import { tenantAudience } from '../support/issuer.ts'
import { describeWithParts } from '../support/parts.ts'
import { makeCorpus, type Corpus } from '../support/svid-corpus.ts'

let corpus: Corpus
let keySets: KeySets
let judged: readonly Judged[]

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
      case: sample.case,
      ours: verified.ok ? `takes ${verified.facts.spiffe_id ?? ''}` : verified.failure,
      theirs: theirs[i]?.ok === true ? `takes ${theirs[i].id ?? ''}` : 'refuses',
    })
  }
  return all
}

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
    expect(foundDifferences(judged)).toEqual(explainedDifferences('JWT-SVIDs'))
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
