// How often what maps to each control acted: a fold over the leaves, bounded whatever the log.

import type { Leaf } from '../../../service/contract/leaf.ts'
import { type Act, actsOf, type Way, ways } from './acts.ts'
import type { Control, Framework } from './frameworks.ts'
import type { CataloguedCode } from './read-catalogue.ts'

const mostSamples = 5
const mostNames = 1000

/** Decisions (of `refused`: refusals of bundles), and the ids of the first. */
export type Acted = Readonly<
  Partial<Record<Way, { readonly count: number; readonly ids: readonly string[] }>>
>

export interface CodeEvidence extends Omit<CataloguedCode, 'mapping'> {
  readonly acted: Acted
}

export interface ControlEvidence extends Omit<Control, 'label'> {
  /** What maps to it; empty: nothing does, and nothing here is evidence for it. */
  readonly configured: readonly CodeEvidence[]
  /** A decision counts once for each way, however many codes of the control it has. */
  readonly acted: Acted
}

interface Policy {
  readonly revision: string
  readonly digest: string
  readonly decisions: number
}

export interface Evidence {
  readonly controls: readonly ControlEvidence[]
  readonly decisions: number
  /** Which policy made them, as they name it; the first ones. */
  readonly policies: readonly Policy[]
  /** Codes of the log that the catalogue does not have: what they map to is not known. */
  readonly not_in_catalogue: readonly { readonly code: string; readonly acted: Acted }[]
  /** Under further such codes than are kept: how often one acted. */
  readonly further_acts: number
  /** Codes of the catalogue that map to no control of the framework. */
  readonly unmapped_codes: number
  /** Decisions with several codes of which one may have been waived; nothing that is disclosed says so. */
  readonly waivers_untold: number
}

class Count {
  readonly #ways = new Map<Way, { count: number; readonly ids: string[] }>()

  add(way: Way, id: string): void {
    const known = this.#ways.get(way) ?? { count: 0, ids: [] }
    this.#ways.set(way, known)
    known.count += 1
    if (known.ids.length < mostSamples) known.ids.push(id)
  }

  acted(): Acted {
    return Object.fromEntries(
      ways.flatMap((way) => {
        const one = this.#ways.get(way)
        return one === undefined ? [] : [[way, one] as const]
      }),
    )
  }
}

export class EvidenceTally {
  readonly #framework: Framework
  readonly #catalogue: ReadonlyMap<string, CataloguedCode>
  /** Of the catalogue. */
  readonly #codes = new Map<string, Count>()
  /** By label. */
  readonly #controls = new Map<string, Count>()
  readonly #strange = new Map<string, Count>()
  readonly #policies = new Map<string, Policy>()
  #decisions = 0
  #untold = 0
  #further = 0

  constructor(framework: Framework, catalogue: readonly CataloguedCode[]) {
    this.#framework = framework
    this.#catalogue = new Map(catalogue.map((one) => [one.code, one]))
  }

  take(leaf: Leaf, disclosure: string | null): void {
    if (leaf.kind === 'decision') {
      this.#decisions += 1
      this.#judgedBy(leaf.authority.policy)
    }
    const { acts, isUntold } = actsOf(leaf, disclosure, this.#catalogue)
    if (isUntold) this.#untold += 1
    for (const act of acts) this.#acted(act, leaf.jti)
    for (const [label, way] of this.#touched(acts))
      countOf(this.#controls, label).add(way, leaf.jti)
  }

  evidence(controls: readonly Control[]): Evidence {
    const mapped = (label: string): readonly CataloguedCode[] =>
      [...this.#catalogue.values()].filter((one) => this.#labelsOf(one).includes(label))
    return {
      controls: controls.map(({ label, ...control }) => ({
        ...control,
        configured: mapped(label).map(({ code, kind, title, effect, severity, waivable }) => ({
          ...{ code, kind, title, effect, severity, waivable },
          acted: this.#codes.get(code)?.acted() ?? {},
        })),
        acted: this.#controls.get(label)?.acted() ?? {},
      })),
      decisions: this.#decisions,
      policies: [...this.#policies.values()],
      not_in_catalogue: [...this.#strange].map(([code, count]) => ({ code, acted: count.acted() })),
      further_acts: this.#further,
      unmapped_codes: [...this.#catalogue.values()].filter(
        (one) => !this.#framework.controls.some(({ label }) => this.#labelsOf(one).includes(label)),
      ).length,
      waivers_untold: this.#untold,
    }
  }

  /** Each control with each way once. */
  #touched(acts: readonly Act[]): readonly (readonly [label: string, way: Way])[] {
    const touched = acts.flatMap(({ code, way }) =>
      this.#labelsOf(this.#catalogue.get(code)).map(
        (label) => [`${label} ${way}`, [label, way]] as const,
      ),
    )
    return [...new Map(touched).values()]
  }

  #labelsOf(code: CataloguedCode | undefined): readonly string[] {
    return code?.mapping[this.#framework.mapping] ?? []
  }

  /** Whoever wrote the log may have written any number of codes. */
  #acted({ code, way }: Act, id: string): void {
    if (this.#catalogue.has(code)) countOf(this.#codes, code).add(way, id)
    else if (this.#strange.has(code) || this.#strange.size < mostNames)
      countOf(this.#strange, code).add(way, id)
    else this.#further += 1
  }

  #judgedBy(policy: Omit<Policy, 'decisions'> | null): void {
    if (policy === null) return
    const known = this.#policies.get(policy.digest)
    if (known === undefined && this.#policies.size >= mostNames) return
    this.#policies.set(policy.digest, { ...policy, decisions: (known?.decisions ?? 0) + 1 })
  }
}

function countOf(counts: Map<string, Count>, name: string): Count {
  const count = counts.get(name) ?? new Count()
  counts.set(name, count)
  return count
}
