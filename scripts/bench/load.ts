// What a load is: 32 connections that cycle over prepared bodies, each asking again as soon as it is
// answered; and what came back.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Query } from '../../service/contract/query.ts'
import type { Target } from './contestant.ts'

export const connections = 32

export type Load = {
  readonly seconds: number
  readonly permit: number
  readonly deny: number
  readonly hold: number
  /** Answers without an effect. */
  readonly others: number
  /** Connections refused, broken or timed out. */
  readonly broken: number
  readonly p50Milliseconds: number
  readonly p99Milliseconds: number
  /** The first answer without an effect; empty if there is none. */
  readonly example: string
}

export type Aim<T extends Target = Target> = {
  readonly target: T
  /** A file of bodies to ask with, one a line. */
  readonly bodies: string
  /** The body that comes next: a round goes on where the last one ended, or caches would know its tokens. */
  next: number
}

export function aimAt<T extends Target>(
  target: T,
  name: string,
  folder: string,
  queries: readonly Query[],
  next: number,
): Aim<T> {
  const bodies = join(folder, `${target.name}-${name}.jsonl`)
  writeFileSync(bodies, queries.map((query) => `${target.bodyOf(query)}\n`).join(''))
  return { target, bodies, next: next % queries.length }
}
