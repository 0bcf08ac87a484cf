// One exported log, verified from its checkpoint to its last leaf: the first thing that is wrong ends it.

import { tileAt, tilePath, tileWidth } from '../../../service/audit/tile.ts'
import { type NoteKey, printVerifierKey } from '../../../service/audit/note-key.ts'
import { sameHash } from '../../../service/audit/merkle.ts'
import type { WitnessPolicy } from '../../../service/audit/witness-policy.ts'
import { LogFault } from '../log-fault.ts'
import { isOfLeaf } from '../read/disclosure-of.ts'
import type { ShownFile } from '../read/shown-file.ts'
import { firstBundle, type PublishedLog, type SignedCheckpoint } from '../read/published-log.ts'
import { readLeaf } from '../read/read-leaf.ts'
import { WorkflowChains } from '../read/workflow-chains.ts'
import { Consents } from './consents.ts'
import { Grants } from './grants.ts'
import { checkCheckpoint } from './checkpoint-check.ts'
import { KeyEvents } from './key-events.ts'
import type { KeyHistory } from './key-history.ts'
import { LeafOrder } from './leaf-order.ts'
import { PrunedPart, type Unseen } from './pruned-part.ts'
import { PasskeySignatures } from './passkey-signatures.ts'
import { References } from './references.ts'
import { checkNotCutBack, checkSameStory } from './seen.ts'
import { checkShown, refuseUnmet } from './shown-fields.ts'
import { SignedRanges, type Suspicion } from './suspects.ts'
import { hex, TreeCheck } from './tree-check.ts'
import { checkWitnesses, type Cosigned } from './witness-check.ts'
import { seenBy, type Witnessed } from './witnessed.ts'

export interface Tally {
  leaves: number
  decisions: number
  outcomes: number
  disclosures: number
}

/** What is held against what. */
export interface Trusted {
  readonly key: NoteKey
  readonly keys: KeyHistory
  readonly seen: SignedCheckpoint | null
  /** Which witnesses must have signed; null: whoever verifies asks for none. */
  readonly policy: WitnessPolicy | null
  /** Fields of one decision; null when none are shown. */
  readonly shown: ShownFile | null
  readonly witnesses: readonly NoteKey[]
  /** Checkpoints that witnesses may have signed, beside the log's own. */
  readonly witnessed: readonly Witnessed[]
  /** And those that were kept in the log. */
  readonly kept: readonly Witnessed[]
}

/** What a whole log leaves open. */
export type Doubts = Suspicion & Pick<KeyEvents, 'introduced'> & { readonly unseen: Unseen | null }

export class Verification {
  readonly #log: PublishedLog
  readonly #trusted: Trusted
  readonly #order: LeafOrder
  readonly #chains: WorkflowChains
  readonly #references: References
  readonly #consents: Consents
  readonly #passkeys: PasskeySignatures
  readonly #grants: Grants
  readonly #keyEvents: KeyEvents
  readonly #signed: SignedRanges
  readonly #pruned: PrunedPart
  /** The first bundle that is read. */
  readonly #first: number
  /** What was found to be right, also when something is wrong. */
  readonly tally: Tally = { leaves: 0, decisions: 0, outcomes: 0, disclosures: 0 }
  /** Null until they are checked. */
  cosigned: readonly Cosigned[] | null = null

  constructor(log: PublishedLog, trusted: Trusted) {
    this.#log = log
    this.#trusted = trusted
    this.#order = new LeafOrder(log.checkpoint.origin)
    this.#first = firstBundle(log)
    const first = this.#first * tileWidth
    this.#chains = new WorkflowChains(first)
    this.#references = new References(first)
    this.#consents = new Consents(first)
    this.#passkeys = new PasskeySignatures(first)
    this.#grants = new Grants(first)
    this.#keyEvents = new KeyEvents(printVerifierKey(trusted.key), first)
    this.#signed = new SignedRanges(trusted.keys.revoked())
    this.#pruned = new PrunedPart(first, log)
  }

  /** Gives what is whole and yet not beyond doubt. @throws LogFault for the first thing that is wrong. */
  run(): Doubts {
    const { checkpoint } = this.#log
    const { key, keys, seen, policy, shown } = this.#trusted
    checkCheckpoint(checkpoint, key)
    keys.refuseNoteKey(key)
    if (policy !== null) this.cosigned = checkWitnesses(checkpoint, policy, key)
    const { witnesses, witnessed: brought, kept } = this.#trusted
    const witnessed = [...brought, ...kept, { checkpoint, file: 'checkpoint' }]
    const sights = witnessed.flatMap((one) => seenBy(one, { witnesses, policy }, key))
    if (seen !== null) checkNotCutBack(seen, checkpoint, key)
    const sizes = [...witnessed.map((one) => one.checkpoint.size), ...this.#pruned.sizes]
    const tree = new TreeCheck(this.#log, seen === null ? sizes : [...sizes, seen.size])
    for (let at = 0; at < this.#first; at += 1) tree.pass(at)
    for (let at = this.#first; at < this.#log.bundles; at += 1) this.#bundle(at, tree)
    tree.finish()
    if (shown !== null)
      refuseUnmet(shown, { first: this.#first * tileWidth, size: checkpoint.size })
    if (seen !== null) checkSameStory(seen, tree.rootAt(seen.size))
    for (const one of witnessed) checkOneStory(one, tree)
    this.#keyEvents.finish(keys)
    const { introduced } = this.#keyEvents
    return { ...this.#signed.suspicion(sights), introduced, unseen: this.#pruned.finish(tree) }
  }

  #bundle(at: number, tree: TreeCheck): void {
    const entries = this.#log.bundle(at)
    if (entries === null) throw this.#noBundle(at)
    tree.take(at, entries)
    const disclosed = this.#log.disclosures(at)
    for (const [i, token] of entries.entries()) {
      const index = at * tileWidth + i
      this.#leaf(index, token, disclosed.get(index))
    }
  }

  #leaf(index: number, token: string, disclosure: string | undefined): void {
    const reading = readLeaf(token)
    if (!reading.ok)
      throw new LogFault({ check: 'leaf', index, expected: 'a leaf', found: reading.wrong })
    const { read } = reading
    const { leaf } = read
    this.#order.check(index, read)
    this.#trusted.keys.check(read)
    this.#keyEvents.check(read)
    this.#signed.take(read)
    const broken = this.#chains.follow(leaf, read.payload)
    if (broken !== null) {
      const expected = `${broken.expected} of the workflow ${broken.workflow}`
      throw new LogFault({ check: 'workflow', index, expected, found: broken.found })
    }
    this.#references.check(leaf)
    this.#consents.check(leaf)
    this.#pruned.take(leaf)
    this.#passkeys.check(leaf)
    this.#grants.check(leaf)
    if (disclosure !== undefined && !isOfLeaf(disclosure, leaf)) {
      const expected = 'a disclosure with the digest of the leaf'
      throw new LogFault({ check: 'disclosure', index, expected, found: 'another' })
    }
    const { shown } = this.#trusted
    if (shown?.index === index) checkShown(shown, leaf)
    this.tally.leaves += 1
    this.tally.disclosures += disclosure === undefined ? 0 : 1
    if (leaf.kind === 'decision') this.tally.decisions += 1
    if (leaf.kind === 'outcome') this.tally.outcomes += 1
  }

  #noBundle(at: number): LogFault {
    const { size } = this.#log.checkpoint
    const tile = tileAt('entries', at, size)
    return new LogFault({
      ...{ check: 'entries', file: tile === null ? null : tilePath(tile) },
      expected: `the entries ${String(at * tileWidth)} to ${String(Math.min((at + 1) * tileWidth, size) - 1)}`,
      found: 'no such file, or another number of entries in it',
    })
  }
}

/** @throws LogFault when a witness saw another log of that size. */
function checkOneStory({ checkpoint, file }: Witnessed, tree: TreeCheck): void {
  const root = tree.rootAt(checkpoint.size)
  if (root !== null && sameHash(root, checkpoint.root)) return
  throw new LogFault({
    ...{ check: 'witness', file },
    expected: `the root ${hex(checkpoint.root)} over the first ${String(checkpoint.size)} entries`,
    found: root === null ? 'a log that is shorter' : `${hex(root)}: the log was rewritten`,
  })
}
