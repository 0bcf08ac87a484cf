// Changed decisions under the names of one kind: rules, capabilities, people. Bounded whatever the log.

export interface GroupCount {
  readonly name: string
  readonly newly_permitted: number
  readonly newly_denied: number
  readonly newly_held: number
  /** Decided alike, for other reasons. */
  readonly otherwise: number
  /** Different initiators; those whom nobody proved count as one. */
  readonly people: number
  /** The first ids of the log. */
  readonly decisions: readonly string[]
}

export type Way = 'newly_permitted' | 'newly_denied' | 'newly_held' | 'otherwise'

interface Group {
  readonly counts: Record<Way, number>
  readonly people: Set<string>
  readonly decisions: string[]
}

export const mostNames = 10_000
const mostSamples = 5

export class Groups {
  readonly #groups = new Map<string, Group>()
  #more = 0

  add(name: string, way: Way, person: string, decision: string): void {
    const known = this.#groups.get(name)
    if (known === undefined && this.#groups.size >= mostNames) {
      this.#more += 1
      return
    }
    const group = known ?? emptyGroup()
    this.#groups.set(name, group)
    group.counts[way] += 1
    if (group.people.size < mostNames) group.people.add(person)
    if (group.decisions.length < mostSamples) group.decisions.push(decision)
  }

  /** Changes under further names, which are not told apart. */
  get more(): number {
    return this.#more
  }

  /** The most affected first. */
  counts(): readonly GroupCount[] {
    return [...this.#groups]
      .map(([name, { counts, people, decisions }]) => ({
        ...{ name, ...counts, people: people.size, decisions },
      }))
      .sort((a, b) => sum(b) - sum(a) || (a.name < b.name ? -1 : 1))
  }
}

function emptyGroup(): Group {
  const counts = { newly_permitted: 0, newly_denied: 0, newly_held: 0, otherwise: 0 }
  return { counts, people: new Set(), decisions: [] }
}

function sum({ newly_permitted, newly_denied, newly_held, otherwise }: GroupCount): number {
  return newly_permitted + newly_denied + newly_held + otherwise
}
