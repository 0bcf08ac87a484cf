/**
 * The same SPIFFE bundles, read by go-spiffe and by us: both find the same keys, authorities and sequence, or both
 * refuse the document, or the difference has a row in scripts/tools/spiffe/README.md.
 */
import { beforeAll, expect, it } from '@jest/globals'
import { parseKeySet } from '../../../service/adapter/key-sets/key-set.ts'
import { spiffeAlgorithms } from '../../../service/identity/token-profile.ts'
import { makeBundleCorpus } from '../../support/bundle-corpus.ts'
import { askGoSpiffe, type Verdict } from '../../support/go-spiffe.ts'
import {
  explainedDifferences,
  foundDifferences,
  type Judged,
} from '../../support/go-spiffe-differences.ts'
import { describeWithParts } from '../../support/parts.ts'

type Reading = { readonly kids: readonly string[]; readonly cas: number; readonly sequence: string }
type Both = Judged & { readonly our: Reading | null; readonly their: Reading | null }

let judged: readonly Both[]

const verdictOf = (reading: Reading | null): string =>
  reading === null
    ? 'refuses'
    : `takes ${reading.kids.join(' ')}; ${String(reading.cas)} CAs; sequence ${reading.sequence}`

/** Where both take the bundle, and we trust fewer of its keys. */
function fewer(our: Reading | null, their: Reading | null): boolean {
  if (our === null || their === null || our.kids.length >= their.kids.length) return false
  return our.kids.every((kid) => their.kids.includes(kid)) && our.cas === their.cas
}

function ours(text: string): Reading | null {
  const reading = parseKeySet(Buffer.from(text), 'spiffe', spiffeAlgorithms)
  if (!reading.ok) return null
  const { keys, authorities, sequence } = reading.value
  return {
    kids: [...keys.keys()].sort(),
    cas: new Set(authorities.map((der) => Buffer.from(der).toString('base64'))).size,
    sequence: String(sequence),
  }
}

function theirs({ ok, kids = [], cas = 0, sequence = 'null' }: Verdict): Reading | null {
  return ok ? { kids: kids.toSorted(), cas, sequence } : null
}

describeWithParts('go-spiffe and we, of bundles,', () => {
  beforeAll(() => {
    const samples = makeBundleCorpus()
    const answers = askGoSpiffe(samples.map(({ text }) => ({ bundle: text })))
    judged = samples.map(({ case: name, text }, i) => {
      const [our, their] = [ours(text), theirs(answers[i] ?? { ok: false })]
      const short = fewer(our, their) ? 'leaves a key out' : verdictOf(our)
      return { case: name, our, their, ours: short, theirs: verdictOf(their) }
    })
  }, 120_000)

  it('agree on each, but for the differences that are explained', () => {
    expect(judged.length).toBeGreaterThanOrEqual(150)
    expect(foundDifferences(judged)).toEqual(explainedDifferences('Bundles'))
  })

  it('read the same keys, or we read fewer of them', () => {
    const more = judged.filter(
      ({ our, their }) =>
        our !== null &&
        their !== null &&
        (our.kids.some((kid) => !their.kids.includes(kid)) || our.cas > their.cas),
    )
    expect(more).toEqual([])
  })
})
