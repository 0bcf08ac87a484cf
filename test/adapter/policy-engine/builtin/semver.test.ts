import { expect, test } from '@jest/globals'
import { semverBuiltins } from '../../../../service/adapter/policy-engine/builtin/semver.ts'

const context = { nowNs: () => 0n, seed: () => '' }

test('identifiers beyond 64 bits are equal, and the comparison ends', () => {
  const [a, b] = ['1.0.0-99999999999999999999', '1.0.0-99999999999999999998']
  expect(semverBuiltins['semver.compare']!(context, a, b)).toBe(0)
  expect(semverBuiltins['semver.compare']!(context, `${a}.1`, `${b}.2`)).toBe(-1)
})
