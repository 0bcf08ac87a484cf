// How one person answers: how often, how fast, and whether ever with no. Who always says yes at once has stopped reading.

import { mostInAnHour, waitsOf, type Waits } from './waits.ts'

export interface ApproverReport {
  /** Pseudonym. */
  readonly person: string
  readonly votes: number
  readonly approved: number
  /** Of 1. */
  readonly approve_rate: number
  readonly most_in_an_hour: number
  /** Seconds from the request to her answer. */
  readonly waits: Waits | null
}

export class Approver {
  readonly #person: string
  readonly #times: number[] = []
  readonly #seconds: number[] = []
  #approved = 0

  constructor(person: string) {
    this.#person = person
  }

  /** @param asked, answered seconds since the epoch */
  vote(verdict: 'approve' | 'deny', asked: number, answered: number): void {
    this.#times.push(answered)
    this.#seconds.push(answered - asked)
    if (verdict === 'approve') this.#approved += 1
  }

  report(): ApproverReport {
    const votes = this.#times.length
    return {
      ...{ person: this.#person, votes, approved: this.#approved },
      approve_rate: Math.round((this.#approved / votes) * 100) / 100,
      most_in_an_hour: mostInAnHour(this.#times),
      waits: waitsOf(this.#seconds),
    }
  }
}
