// Hostile queries, a few at a time, from askers who keep at it; and how each ended.

import { attackNames, type Attack } from './hostile.ts'
import type { Asker, Stage } from './stage.ts'

/** At a time. */
const outstanding = 4
/** So many ask for each kind of attack, over and over; every so many queries one asks whom nobody knows. */
const knownAskers = 3
const strangerEvery = 25

export type Ending = { readonly said: string; readonly milliseconds: number }
export type Endings = Readonly<Record<Attack, Ending[]>>

export function noEndings(): Endings {
  return Object.fromEntries(attackNames.map((name) => [name, []])) as unknown as Endings
}

/** Asks `queries` times, all attacks in turns, beginning with the `first`. */
export async function attack(
  stage: Pick<Stage, 'attack'>,
  endings: Endings,
  { first, queries }: { readonly first: number; readonly queries: number },
): Promise<void> {
  let next = first
  const ask = async (): Promise<void> => {
    while (next < first + queries) {
      const number = next
      next += 1
      const name = attackNames[number % attackNames.length]
      if (name === undefined) throw new Error('there are no attacks')
      const start = performance.now()
      const said = await stage.attack(name, askerOf(number))
      endings[name].push({ said, milliseconds: performance.now() - start })
    }
  }
  await Promise.all(Array.from({ length: outstanding }, ask))
}

function askerOf(number: number): Asker {
  if (number % strangerEvery === 0) return { stranger: number / strangerEvery }
  return { known: Math.floor(number / attackNames.length) % knownAskers }
}
