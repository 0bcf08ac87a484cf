// Purpose grants, from the leaves alone: each is what an earlier decision permitted, once; what was revoked stood before, and
// neither it nor what was narrowed from it permits anything after. A fold.

import type { GrantIssue } from '../../../service/contract/grant-request.ts'
import type { DecisionLeaf, EventLeaf, Leaf } from '../../../service/contract/leaf.ts'
import { answeredEffect } from '../../../service/contract/observation.ts'
import { LogFault } from '../log-fault.ts'

interface Grant {
  /** Of this log; null without, or of another issuer. */
  readonly parent: string | null
  revoked: boolean
}

export class Grants {
  /** Permits of grants that no leaf has issued yet. */
  readonly #permits = new Set<string>()
  readonly #grants = new Map<string, Grant>()

  readonly #isWhole: boolean

  /** @param first the first entry that is read: of what stands before it nothing is known */
  constructor(first = 0) {
    this.#isWhole = first === 0
  }

  /** Takes the next leaf. @throws LogFault */
  check(leaf: Leaf): void {
    if (leaf.kind === 'decision') this.#decided(leaf)
    else if (leaf.kind === 'grant_issued') this.#issued(leaf)
    else if (leaf.kind === 'grant_revoked') this.#revoked(leaf)
  }

  #decided(leaf: DecisionLeaf): void {
    if (answeredEffect(leaf) !== 'permit') return
    if (leaf.capability.kind === 'grant') this.#permits.add(leaf.jti)
    const id = leaf.purpose?.grant_id
    if (id !== undefined && this.#isOver(id))
      fault(leaf.index, 'no permit by a grant that was revoked before', id)
  }

  #issued({ index, event }: EventLeaf): void {
    const {
      grant_id: id,
      decision_id: decision,
      parent,
      not_before,
      expires_at,
    } = event as GrantIssue
    if (!this.#permits.delete(decision) && this.#isWhole)
      fault(index, 'a grant that an earlier decision permits, and only this one of it', decision)
    if (expires_at <= not_before) fault(index, 'a grant that lasts', id)
    if (parent !== null && this.#isOver(parent.grant_id))
      fault(index, 'a grant that is narrowed from one that stands', parent.grant_id)
    const own = parent !== null && this.#grants.has(parent.grant_id) ? parent.grant_id : null
    this.#grants.set(id, { parent: own, revoked: false })
  }

  #revoked({ index, event }: EventLeaf): void {
    const id = String(event['grant_id'])
    const grant =
      this.#grants.get(id) ?? (this.#isWhole ? undefined : { parent: null, revoked: false })
    if (grant === undefined || grant.revoked)
      return fault(index, 'the end of a grant that stands', id)
    grant.revoked = true
    this.#grants.set(id, grant)
  }

  #isOver(id: string): boolean {
    for (let grant = this.#grants.get(id); grant !== undefined;) {
      if (grant.revoked) return true
      grant = grant.parent === null ? undefined : this.#grants.get(grant.parent)
    }
    return false
  }
}

function fault(index: number, expected: string, found: string): never {
  throw new LogFault({ check: 'grant', index, expected, found })
}
