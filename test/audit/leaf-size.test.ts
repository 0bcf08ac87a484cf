import { describe, expect, it } from '@jest/globals'
import { leafFits, tokenBytesBound } from '../../service/audit/leaf-size.ts'
import { limits } from '../../service/contract/limits.ts'
import { sampleDraft } from '../../scripts/sample-draft.ts'

describe('the bound of a leaf', () => {
  it('is never less than the token turns out to be', () => {
    for (const alg of ['ES256', 'Ed25519']) {
      for (const typ of ['decision+jwt', 'event+jwt']) {
        const header = Buffer.from(JSON.stringify({ alg, typ, kid: 'k'.repeat(43) })).toString(
          'base64url',
        )
        for (let bytes = 0; bytes < 200; bytes += 1) {
          const payload = Buffer.alloc(bytes).toString('base64url')
          const token = `${header}.${payload}.${Buffer.alloc(64).toString('base64url')}`
          expect(tokenBytesBound(bytes)).toBeGreaterThanOrEqual(token.length)
        }
      }
    }
  })

  it('counts bytes, not characters', () => {
    const withText = (text: string): Parameters<typeof leafFits>[0] => {
      const base = sampleDraft('dec_1', 'wf_1', 1_900_000_000)
      return { ...base, claims: { ...base.claims, replay_keys: [text] } } as typeof base
    }
    expect(leafFits(withText('a'.repeat(40_000)), 'https://pdp.test')).toBe(true)
    expect(leafFits(withText('é'.repeat(40_000)), 'https://pdp.test')).toBe(false)
    expect(limits.leafBytes).toBe(65_535)
  })
})
