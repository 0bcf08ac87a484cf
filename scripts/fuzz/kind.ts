// One kind of proof: what it looks like when it is right, how it is made hostile, and how it is asked with.

import type { Query } from '../../service/contract/query.ts'
import type { TestIssuer } from '../../test/support/issuer.ts'
import { hostileOf, type Genuine } from './hostile-token.ts'
import type { Random } from './random.ts'

/** What came of one: refused, or what it must never be. */
export type Ending = 'refused' | 'permit' | 'crash'

type Shown = {
  readonly name: string
  readonly genuine: string
  readonly hostile: (random: Random) => string | Promise<string>
}

export type Kind = Shown &
  (
    | {
        /** The question with that in its place, and with fresh proofs of it. */
        readonly with: (token: string) => Query | Promise<Query>
      }
    | {
        /** What travels elsewhere than in a question. */
        readonly alone: (token: string) => Promise<Ending>
        /** It costs a handshake. */
        readonly isRare?: true
      }
  )

/** A token, and whatever there is of it that is wrong. */
export function tokenOf(
  genuine: Genuine,
  stranger: TestIssuer,
): Pick<Shown, 'genuine' | 'hostile'> {
  return {
    genuine: genuine.compact,
    hostile: (random) => hostileOf(genuine, stranger, random),
  }
}
