// Every kind of proof in a question that is permitted with it: what is mutated, and how the question is asked.

import type { TestIssuer } from '../../test/support/issuer.ts'
import type { Ground } from './ground.ts'
import type { Kind } from './kind.ts'
import { bearers, vouched } from './kind/bearers.ts'
import { certified } from './kind/certified.ts'
import { gatewayKinds } from './kind/gateways.ts'
import { holders } from './kind/holders.ts'
import { peers } from './kind/peers.ts'
import { words } from './kind/words.ts'

/** Fresh proofs of one party. Proofs of possession are only ever shown hostile, so they are never used up. */
export async function kindsOf(ground: Ground, stranger: TestIssuer): Promise<readonly Kind[]> {
  const { party } = ground
  const query = await party.query()
  return [
    ...(await bearers(party, query, stranger)),
    ...(await vouched(party, query, stranger)),
    ...(await holders(party, query, stranger)),
    ...(await certified(ground, query, stranger)),
    ...(await words(ground, query)),
    ...(await gatewayKinds(ground, query, stranger)),
    ...(await peers(ground, query, stranger)),
  ]
}
