import { describe, expect, it } from '@jest/globals'
import { tokenBytesBound } from '../../service/audit/leaf-size.ts'

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
})
