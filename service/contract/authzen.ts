/**
 * AuthZEN Authorization API 1.0 (final, 2026-01-12): the messages of evaluation and evaluations.
 *
 * Open schemas: the specification has unknown members ignored. The native query travels in
 * `context.countersign`.
 */
import { Type, type Static } from 'typebox'
import { OpenObject } from './digest.ts'

const Id = Type.String({ minLength: 1, maxLength: 2048 })

const Entity = Type.Object({ type: Id, id: Id, properties: Type.Optional(OpenObject) })
const Action = Type.Object({ name: Id, properties: Type.Optional(OpenObject) })

export const Evaluation = Type.Object({
  subject: Entity,
  resource: Entity,
  action: Action,
  context: Type.Optional(OpenObject),
})
export type Evaluation = Static<typeof Evaluation>

export const Semantic = ['execute_all', 'deny_on_first_deny', 'permit_on_first_permit'] as const

/** Defaults at the top; an entry's member replaces the whole entity. Entries are checked one by one. */
export const Evaluations = Type.Object({
  subject: Type.Optional(Type.Unknown()),
  resource: Type.Optional(Type.Unknown()),
  action: Type.Optional(Type.Unknown()),
  context: Type.Optional(Type.Unknown()),
  evaluations: Type.Optional(Type.Array(OpenObject, { maxItems: 64 })),
  options: Type.Optional(OpenObject),
})
export type Evaluations = Static<typeof Evaluations>

export const EvaluationAnswer = Type.Object({
  decision: Type.Boolean(),
  context: Type.Optional(OpenObject),
})
export type EvaluationAnswer = Static<typeof EvaluationAnswer>

export const EvaluationsAnswer = Type.Object({ evaluations: Type.Array(EvaluationAnswer) })
