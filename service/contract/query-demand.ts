/** What one member of a query demands of another, which a schema cannot say. */
import type { Fault } from './error-code.ts'
import type { Query, ServerProof } from './query.ts'

/** `pointer` is the member to change. */
type Demand = {
  readonly pointer: string
  readonly reason: string
  readonly isBroken: (query: Query) => boolean
}

const inputKinds: readonly string[] = ['sampling', 'elicitation', 'roots']
const isInput = (query: Query): boolean => query.phase.startsWith('input_')
const asks = (query: Query, kind: string): boolean => query.capability.kind === kind

const demands: readonly Demand[] = [
  {
    pointer: '/capability/kind',
    reason: 'a grant is asked for at /v1/purpose-grants',
    isBroken: (query) => asks(query, 'grant'),
  },
  {
    pointer: '/capability/name',
    reason: 'a tool or a prompt is asked for by its name: add it',
    isBroken: (query) =>
      (asks(query, 'tool') || asks(query, 'prompt')) && query.capability.name === undefined,
  },
  {
    pointer: '/capability/uri',
    reason: 'a resource is asked for by its URI: add it',
    isBroken: (query) => asks(query, 'resource') && query.capability.uri === undefined,
  },
  {
    pointer: '/capability/kind',
    reason:
      'phases input_request and input_response are about sampling, elicitation or roots, and only they are',
    isBroken: (query) => isInput(query) !== inputKinds.includes(query.capability.kind),
  },
  {
    pointer: '/sampling',
    reason: 'give it exactly when the kind is sampling',
    isBroken: (query) => asks(query, 'sampling') !== (query.sampling !== undefined),
  },
  {
    pointer: '/elicitation',
    reason: 'give it exactly when the kind is elicitation',
    isBroken: (query) => asks(query, 'elicitation') !== (query.elicitation !== undefined),
  },
  {
    pointer: '/result',
    reason: 'give it exactly when the phase is result',
    isBroken: (query) => (query.phase === 'result') !== (query.result !== undefined),
  },
  {
    pointer: '/server/proof',
    reason: 'give exactly one kind of proof, or leave the member out',
    isBroken: ({ server }) => server.proof !== undefined && kindsOfProof(server.proof) !== 1,
  },
]

/** A WIT or certificates and the proof that goes with them are one; a half of them is the evidence's own failure. */
function kindsOfProof({ wit, wpt, x5c, x5_proof: x5Proof, ...others }: ServerProof): number {
  return [wit ?? wpt, x5c ?? x5Proof, ...Object.values(others)].filter(
    (proof) => proof !== undefined,
  ).length
}

/** The faults of a query that matches its schema; `at` is its pointer in the message that holds it. */
export function contradictions(query: Query, at: string): readonly Fault[] {
  return demands
    .filter((demand) => demand.isBroken(query))
    .map(({ pointer, reason }) => ({ pointer: at + pointer, reason }))
}
