/**
 * Questions that servers were permitted to ask back, and whether they were answered: a fold over the leaves.
 *
 * A question stands for the initiator whom it was put to, at the server that put it, by its digest; one question has one
 * answer, which may be sent again. Bounded: what is forgotten was not asked, and its answer is denied.
 */
import type { AskedInput, VerifiedInputs } from '../contract/asked-input.ts'
import type { Digest } from '../contract/digest.ts'
import type { DecisionLeaf, Leaf } from '../contract/leaf.ts'
import { limits } from '../contract/limits.ts'
import { answeredEffect } from '../contract/observation.ts'

/** Who is asked for what, by which server. */
export type InputLane = {
  /** Pseudonym of the initiator; null: who is not known. */
  readonly subject: string | null
  readonly server: string
  readonly kind: string
}

type Question = {
  readonly id: string
  /** Seconds since the epoch. */
  readonly at: number
  /** Digest of the round that answered it. */
  readonly answeredBy: Digest | null
}

export type SavedInputs = {
  readonly questions: readonly (readonly [string, Question])[]
  readonly lanes: readonly (readonly [string, readonly number[]])[]
}

/** What an answer rests on: held against it once more in the order of the log. */
export type AnswerStanding = {
  readonly lane: InputLane
  readonly definition: Digest
  /** The permitted question, and the digest of the round that answers it. */
  readonly id: string
  readonly round: Digest
}

const hour = 3600

export class AskedInputs {
  /** In the order in which they were last asked. */
  readonly #questions: Map<string, Question>
  /** When each lane was asked, within the last hour, in the order in which they were last used. */
  readonly #lanes: Map<string, readonly number[]>

  constructor(saved: SavedInputs | null = null) {
    this.#questions = new Map(saved?.questions)
    this.#lanes = new Map(saved?.lanes)
  }

  /** @param round digest of the round that would answer it; @param now seconds since the epoch */
  find(lane: InputLane, definition: Digest, round: Digest, now: number): AskedInput | null {
    const question = this.#questions.get(keyOf(lane, definition))
    if (question === undefined || question.at + limits.askedInputSeconds <= now) return null
    const { id, at, answeredBy } = question
    const answered = answeredBy === null ? 'no' : answeredBy === round ? 'same' : 'other'
    return { answered, at, decision_id: id }
  }

  lately(lane: InputLane, now: number): VerifiedInputs['lately'] {
    return (this.#lanes.get(laneKey(lane)) ?? []).filter((at) => at + hour > now).length
  }

  /** The question still stands, and nobody has answered it otherwise meanwhile. */
  stands({ lane, definition, id, round }: AnswerStanding, now: number): boolean {
    const asked = this.find(lane, definition, round, now)
    return asked?.decision_id === id && asked.answered !== 'other'
  }

  follow(leaf: Leaf): void {
    if (leaf.kind !== 'decision' || answeredEffect(leaf) !== 'permit') return
    const { definition_digest: definition } = leaf.binding
    if (definition === null) return
    if (leaf.phase === 'input_request') this.#ask(leaf, definition)
    else if (leaf.phase === 'input_response') this.#answer(leaf, definition)
  }

  save(): SavedInputs {
    return { questions: [...this.#questions], lanes: [...this.#lanes] }
  }

  #ask(leaf: DecisionLeaf, definition: Digest): void {
    const lane = laneOf(leaf)
    put(this.#questions, keyOf(lane, definition), { id: leaf.jti, at: leaf.iat, answeredBy: null })
    const recent = (this.#lanes.get(laneKey(lane)) ?? []).filter((at) => at + hour > leaf.iat)
    put(this.#lanes, laneKey(lane), [...recent, leaf.iat].slice(-limits.askedInputsPerHour))
  }

  #answer(leaf: DecisionLeaf, definition: Digest): void {
    const key = keyOf(laneOf(leaf), definition)
    const question = this.#questions.get(key)
    if (question === undefined) return
    this.#questions.set(key, { ...question, answeredBy: leaf.binding.round_digest })
  }
}

function laneOf({ sub, capability }: DecisionLeaf): InputLane {
  return { subject: sub, server: capability.server, kind: capability.kind }
}

function laneKey({ subject, server, kind }: InputLane): string {
  return JSON.stringify([subject, server, kind])
}

function keyOf(lane: InputLane, definition: Digest): string {
  return `${laneKey(lane)} ${definition}`
}

/** As the newest; the oldest makes room. */
function put<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key)
  map.set(key, value)
  const [oldest] = map.keys()
  if (map.size > limits.askedInputs && oldest !== undefined) map.delete(oldest)
}
