/** One attack of the table: its row, what is tried, and the code that it must end in. */
import type { Query } from '../../service/contract/query.ts'
import type { Party } from '../support/party.ts'
import type { Stage } from '../support/stage.ts'

export type Attack = {
  /** The number of the row that it belongs to. */
  readonly row: number
  readonly what: string
  /** A reason of the denial, the code of a problem, or what is said of a control that must pass. */
  readonly code: string
  /** Effect and reasons; or status and code of a problem. */
  readonly play: (stage: Stage) => Promise<readonly string[]>
}

/** Attacks on tenant A by the evidence of one slot. */
export function byEvidence(
  row: number,
  evidence: (party: Party, stage: Stage) => Promise<Partial<Query>>,
): (what: string, code: string) => Attack {
  return (what, code) => ({
    ...{ row, what, code },
    play: async (stage) =>
      stage.a.ask({ ...(await stage.a.query()), ...(await evidence(stage.a, stage)) }),
  })
}

export const initiator = (access_token: string): Partial<Query> => ({ initiator: { access_token } })
export const server = (jwt_svid: string): Partial<Query> => ({
  server: { id: 'ops', proof: { jwt_svid } },
})
export const workload = (wit: string, wpt: string | undefined): Partial<Query> => ({
  server: { id: 'ops', proof: wpt === undefined ? { wit } : { wit, wpt } },
})
export const grant = (token: string): Partial<Query> => ({ purpose: { grant: token } })
