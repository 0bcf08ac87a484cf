/** Trust in nobody: for tests in which no key is to be looked for. */
import type { KeySets } from '../../service/port/key-sets.ts'

export const noKeys: KeySets = {
  find: () => Promise.resolve({ ok: false, failure: 'issuer_unknown' }),
  authorities: () => Promise.resolve({ ok: false, failure: 'untrusted_domain' }),
  brought: () => null,
  certificate: () => null,
  epoch: () => 0,
  unavailable: () => [],
  state: () => [],
  close: () => Promise.resolve(),
}
