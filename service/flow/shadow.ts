/**
 * Live traffic, judged a second time by a candidate set: after the decision is durable, in workers of its own,
 * from a bounded queue. What it finds is counted and never comes back into any decision.
 *
 * `offer` never throws and never waits. A candidate that is slow loses queries, which are counted; one that keeps
 * failing rests for a while, so that it does not take the processor from what decides.
 */
import type { Decision } from '../contract/decision.ts'
import type { ShadowReport, ShadowState } from '../contract/shadow-report.ts'
import { limits } from '../contract/limits.ts'
import { composeInput } from '../decision/compose-input.ts'
import { reachDecision } from '../decision/reach-decision.ts'
import type { PolicyEngine } from '../port/policy-engine.ts'
import { gatherFacts } from './gather-facts.ts'
import { judge } from './judge.ts'
import { refusedStateOf, sourceStateOf } from './source-state.ts'
import type { ShadowCandidate } from './shadow-candidate.ts'
import type { Decided, ShadowOffer } from './shadow-offer.ts'
import { ShadowTally } from './shadow-tally.ts'
import type { DecidePorts } from './tenant.ts'

export type ShadowPorts = {
  readonly candidate: ShadowCandidate
  /** What facts are gathered with: the same as for decisions. */
  readonly facts: DecidePorts
  /** Runs something later, when what is under way in this turn has been answered. */
  readonly later: (act: () => void) => void
}

/** What judges, and where it is counted: stays with a query to its end, whatever comes next. */
type Pairing = { readonly engine: PolicyEngine; readonly tally: ShadowTally }
type Waiting = Decided & { readonly pairing: Pairing }

export class Shadow implements ShadowOffer {
  readonly #ports: ShadowPorts
  readonly #queue: Waiting[] = []
  #pairing: Pairing | null = null
  #flying = 0
  #faultsInRow = 0
  #restsUntil = 0
  #isScheduled = false

  constructor(ports: ShadowPorts) {
    this.#ports = ports
  }

  offer(decided: Decided): void {
    const { current } = this.#ports.candidate
    if (current === null) return
    const pairing = this.#pair(current.engine, decided)
    const isFull = this.#queue.length >= limits.shadowQueue
    if (isFull || this.#ports.facts.clock.now() < this.#restsUntil) {
      pairing.tally.drop()
      return
    }
    this.#queue.push({ ...decided, pairing })
    this.#schedule()
  }

  state(): ShadowState {
    const { current, refused, ports } = this.#ports.candidate
    return {
      owner: ports.owner,
      sources: ports.sources.map((source) => sourceStateOf(source.status())),
      candidate:
        current === null
          ? null
          : {
              digest: current.digest,
              revision: current.engine.policy.revision,
              activated_at: new Date(current.since).toISOString(),
              bundles: [...current.bundles],
            },
      refused: refused === null ? null : refusedStateOf(refused),
      comparison: this.#pairing?.tally.comparison() ?? null,
    }
  }

  /** What an operator should know: that it is on, and what keeps it from being of use. */
  notices(): string[] {
    const { owner, candidate, refused, sources } = this.state()
    return [
      candidate === null
        ? `shadow is on (owner ${owner}) and has no candidate yet`
        : `shadow is on (owner ${owner}): ${candidate.digest} judges live traffic and decides nothing`,
      ...(refused === null ? [] : [`the shadow refused a set: ${refused.message}`]),
      ...sources.flatMap(({ location, error }) =>
        error === null ? [] : [`shadow ${location}: ${error}`],
      ),
    ]
  }

  /** What waits is given up. */
  async close(): Promise<void> {
    this.#queue.length = 0
    await this.#ports.candidate.close()
  }

  /** Counts begin anew with each pair of what decides and what judges beside it. */
  #pair(engine: PolicyEngine, { facts }: Decided): Pairing {
    const active = facts.policy?.digest ?? null
    if (this.#pairing?.engine === engine && this.#pairing.tally.active === active)
      return this.#pairing
    this.#faultsInRow = 0
    this.#restsUntil = 0
    this.#pairing = { engine, tally: new ShadowTally(active, this.#ports.facts.clock.now()) }
    return this.#pairing
  }

  #schedule(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    this.#ports.later(() => {
      this.#isScheduled = false
      this.#fly()
    })
  }

  #fly(): void {
    while (this.#flying < limits.shadowFlying) {
      const waiting = this.#queue.shift()
      if (waiting === undefined) return
      this.#flying += 1
      void this.#compare(waiting).finally(() => {
        this.#flying -= 1
        if (this.#queue.length > 0) this.#schedule()
      })
    }
  }

  async #compare({ pairing, ...decided }: Waiting): Promise<void> {
    try {
      const candidate = await this.#judge(decided, pairing.engine)
      pairing.tally.add(decided.decision, candidate)
      this.#note(pairing, candidate.source === 'engine_fault')
    } catch {
      // Whatever this is, it must not reach those who wait for decisions; it is counted as not compared.
      pairing.tally.drop()
      this.#note(pairing, true)
    }
  }

  /** By the same rooms as the decision, with the registry of the candidate, at the time of the decision. */
  async #judge({ query, pep, claimed, facts }: Decided, engine: PolicyEngine): Promise<Decision> {
    const { facts: ports } = this.#ports
    const clock = { now: () => facts.now, uuid: () => ports.clock.uuid() }
    const then = { ...ports, clock }
    const gathered = await gatherFacts(query, pep, then, engine, claimed)
    // What people had said then: the decision itself may have used it up since.
    const { approvalFor, refusalFor, decisionId, workflow, workflowSeen } = facts
    const own = { ...gathered, approvalFor, refusalFor, decisionId, workflow, workflowSeen }
    const input = composeInput(query, own)
    return reachDecision(await judge(input, own, engine), own, input.value.attested.approval)
  }

  #note(pairing: Pairing, isFault: boolean): void {
    if (pairing !== this.#pairing) return
    this.#faultsInRow = isFault ? this.#faultsInRow + 1 : 0
    if (this.#faultsInRow < limits.shadowFaults) return
    this.#faultsInRow = 0
    this.#restsUntil = this.#ports.facts.clock.now() + limits.shadowRestMilliseconds
    this.#queue.splice(0).forEach(({ pairing: { tally } }) => {
      tally.drop()
    })
  }
}

export function shadowReportOf(tenant: string, shadow: Shadow | null): ShadowReport {
  return { tenant, shadow: shadow?.state() ?? null }
}
