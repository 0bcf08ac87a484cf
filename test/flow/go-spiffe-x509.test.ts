/**
 * The same X.509-SVIDs with their chains, judged by go-spiffe and by us: both take one and name the same workload, or
 * both refuse it, or the difference has a row in scripts/tools/spiffe/README.md.
 */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { createKeySets } from '../../service/adapter/key-sets/key-sets.ts'
import { proveSvid } from '../../service/flow/prove-svid.ts'
import type { KeySets } from '../../service/port/key-sets.ts'
import { askGoSpiffe } from '../support/go-spiffe.ts'
import {
  explainedDifferences,
  foundDifferences,
  type Judged,
} from '../support/go-spiffe-differences.ts'
import { describeWithParts } from '../support/parts.ts'
import { makeX509Corpus } from '../support/x509/corpus.ts'

let keySets: KeySets
let judged: readonly Judged[]

async function judge(): Promise<readonly Judged[]> {
  const { samples, bundles } = makeX509Corpus()
  const folder = mkdtempSync(join(tmpdir(), 'go-spiffe-'))
  const files = Object.entries(bundles).map(([domain, bundle]) => {
    const path = join(folder, `${domain}.json`)
    writeFileSync(path, JSON.stringify(bundle))
    return [domain, path] as const
  })
  const domains = files.map(([name, file]) => ({ name, bundle: { file } }))
  keySets = await createKeySets([{ id: 'acme', issuers: [], trust_domains: domains }], {
    clock: { now: () => Date.now(), uuid: () => '' },
  })
  const theirs = askGoSpiffe(
    samples.map(({ chain, at }) => ({ x509: chain.map((one) => one.toString('base64')), at })),
    Object.fromEntries(files),
  )
  const all: Judged[] = []
  for (const [i, { case: name, chain, at }] of samples.entries()) {
    const proved = await proveSvid(chain, 'acme', keySets, at)
    all.push({
      case: name,
      ours: proved.ok ? `takes ${proved.value.workload.id}` : proved.failure,
      theirs: theirs[i]?.ok === true ? `takes ${theirs[i].id ?? ''}` : 'refuses',
    })
  }
  return all
}

describeWithParts('go-spiffe and we, of X.509-SVIDs,', () => {
  beforeAll(async () => {
    judged = await judge()
  }, 120_000)
  afterAll(async () => {
    await keySets.close()
  })

  it('judge more than a thousand, of which some are good', () => {
    expect(judged.length).toBeGreaterThanOrEqual(1000)
    const taken = judged.filter(({ ours, theirs }) => ours === theirs)
    expect(taken.length).toBeGreaterThanOrEqual(100)
  })

  it('agree on each, but for the differences that are explained', () => {
    expect(foundDifferences(judged)).toEqual(explainedDifferences('X.509-SVIDs'))
  })

  it('never take what the other refuses', () => {
    const loose = judged.filter(({ ours, theirs }) => ours.startsWith('takes') && theirs !== ours)
    expect(loose).toEqual([])
  })
})
