// Effects that the person who adopts states: they stand in the place of what would be proposed, and the review page
// says on whose word.

import { EffectFacet } from '../../service/contract/registry.ts'
import { compileChecker } from '../../service/contract/validate.ts'
import { type Call, usage } from '../command/command.ts'
import { texts } from '../policy/arguments.ts'
import { facets } from './facets.ts'

/** Key of a capability -> its effects. */
export type StatedEffects = ReadonlyMap<string, readonly EffectFacet[]>

export const effectsUsage = `  --effects <c>=<f,f>    what a capability does, on your word: its name or key, and facets or "none"; may be given
                         again (default: every facet that a rule is stricter for)`

const check = compileChecker(EffectFacet)

/** @throws PdpError `usage`. */
export function statedEffects(call: Call): StatedEffects {
  return new Map(
    texts(call, 'effects').map((given) => {
      const at = given.lastIndexOf('=')
      if (at < 1) throw usage(`--effects ${given}: write <capability>=<facet,facet>, or =none.`)
      const name = given.slice(0, at)
      return [name.includes(':') ? name : `tool:${name}`, facetsIn(given.slice(at + 1), given)]
    }),
  )
}

function facetsIn(list: string, given: string): readonly EffectFacet[] {
  if (list === 'none') return []
  return [...new Set(list.split(','))].map((one) => {
    const checked = check(one)
    if (checked.ok) return checked.value
    throw usage(`--effects ${given}: ${one} is no facet; use ${facets.join(', ')}, or none.`)
  })
}

/** @throws PdpError `usage` for what is not there: a slip of the pen must not pass for a review. */
export function refuseUnknown(stated: StatedEffects, keys: ReadonlySet<string>): void {
  for (const key of stated.keys())
    if (!keys.has(key))
      throw usage(
        `--effects ${key}: the server does not serve it, or it is registered already; name what is new.`,
      )
}
