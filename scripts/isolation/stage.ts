// What is attacked: the engine by itself, or the service whole. The same loads run at both.

import type { Held } from './held.ts'
import type { Attack } from './hostile.ts'

export type Stage = {
  readonly name: string
  /** One ordinary question of a number; what came instead, when it was not answered as it ought to be. */
  readonly ask: (number: number) => Promise<string | null>
  /** One hostile query, and what was said of it: `askers` of one attack keep at it, and a stranger asks once. */
  readonly attack: (attack: Attack, asker: Asker) => Promise<string>
  readonly held: () => Held
  readonly close: () => Promise<void>
}

export type Asker = { readonly known: number } | { readonly stranger: number }
