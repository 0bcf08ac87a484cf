/** Trust in nobody: for tests in which no key is to be looked for. */
import type { KeySets } from '../../service/port/key-sets.ts'

export const noKeys: KeySets = {
  find: () => Promise.resolve({ ok: false, failure: 'issuer_unknown' }),
  brought: () => null,
  epoch: () => 0,
  unavailable: () => [],
  close: () => Promise.resolve(),
}
