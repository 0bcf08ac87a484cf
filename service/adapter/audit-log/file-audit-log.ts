/**
 * The audit log of one tenant in files: the sequencer.
 *
 * `append` checks, places and seals in one turn of the loop, so the order of calls is the order of the
 * log; signatures are made in parallel; groups are written, flushed, and only then answered. Should we
 * crash anywhere before the flush has returned, nobody was told anything.
 */
import { erasuresIn } from '../../audit/erasures.ts'
import { emptyRoot, leafHash, type GrowingTree } from '../../audit/merkle.ts'
import { meetsFilter, type DecisionFilter } from '../../audit/terms.ts'
import { tokenBytesBound } from '../../audit/leaf-size.ts'
import type { PlacedLeaf, Sequence } from '../../audit/sequence.ts'
import type { KeyLog } from '../../audit/key-log.ts'
import { PdpError } from '../../contract/error-code.ts'
import type { Leaf } from '../../contract/leaf.ts'
import { limits } from '../../contract/limits.ts'
import type { PublicKey } from '../../contract/signing-key.ts'
import type { AuditLog, Draft, Preconditions, Recorded, Selected } from '../../port/audit-log.ts'
import type { Signer } from '../../port/signer.ts'
import type { LogPruning } from './base/log-pruning.ts'
import type { DataKeys } from './data-keys.ts'
import { sealOrRefuse } from './disclosures.ts'
import { printedHash, readRecorded } from './entry-reader.ts'
import type { ExclusiveLock } from './exclusive-lock.ts'
import type { LogFileSystem } from './file-system.ts'
import { GroupCommit, type Waiting } from './group-commit.ts'
import type { LogIndex } from './derived/log-index.ts'
import { FrameReader } from './frame-reader.ts'
import type { Segments } from './segments.ts'
import { readInOrder } from './ordered-reader.ts'
import type { FilePublication } from './publication/file-publication.ts'
import { keySet } from './keys/key-set.ts'
import type { PublicJwk, TenantKeys } from './keys/tenant-keys.ts'
import type { KeyUse } from './publication/key-use.ts'
import type { SigningKey, TokenSigner } from './token.ts'

/** What `openAuditLog` puts together. */
export type LogParts = {
  readonly origin: string
  readonly directory: string
  readonly system: LogFileSystem
  readonly lock: ExclusiveLock
  readonly segments: Segments
  readonly sequence: Sequence
  readonly tree: GrowingTree
  readonly index: LogIndex
  readonly dataKeys: DataKeys
  readonly sign: TokenSigner
  readonly keys: TenantKeys
  readonly keyUse: KeyUse
  readonly publication: FilePublication
  readonly pruning: LogPruning
}

type Entry = Waiting & {
  readonly placed: PlacedLeaf
  readonly disclosure: Uint8Array
  /** Both empty until it is signed. */
  token: string
  hash: Uint8Array
}

export class FileAuditLog implements AuditLog {
  readonly origin: string
  readonly pseudonymKey: Uint8Array
  /** Has its private keys. */
  readonly signer: Signer
  /** Signs as long as no leaf names a key. */
  readonly firstKey: PublicKey
  /** Where this log is published. */
  readonly publication: FilePublication
  /** What it began with, and how more of it goes. */
  readonly pruning: LogPruning
  readonly stops: AuditLog['stops']
  readonly inputs: AuditLog['inputs']
  readonly approvals: AuditLog['approvals']
  readonly grants: AuditLog['grants']
  readonly workflows: AuditLog['workflows']
  readonly passkeys: AuditLog['passkeys']
  readonly sessions: AuditLog['sessions']
  readonly #parts: LogParts
  readonly #commits: GroupCommit<Entry>
  readonly #frames: FrameReader
  #grown: () => void = () => undefined
  /** Entries that have a place and are not durable yet, by id. */
  readonly #underWay = new Map<string, Promise<Recorded>>()
  #failure: string | null = null
  #closing: Promise<void> | null = null

  constructor(parts: LogParts) {
    this.origin = parts.origin
    this.pseudonymKey = parts.keys.pseudonymKey
    this.signer = parts.keys.signer
    this.firstKey = parts.keys.first
    this.publication = parts.publication
    this.pruning = parts.pruning
    ;({ stops: this.stops, inputs: this.inputs, approvals: this.approvals } = parts.sequence)
    ;({
      grants: this.grants,
      workflows: this.workflows,
      passkeys: this.passkeys,
      sessions: this.sessions,
    } = parts.sequence)
    this.#parts = parts
    this.#frames = new FrameReader(parts.system, parts.directory)
    this.#commits = new GroupCommit(
      (group) => this.#commit(group),
      (error) => {
        this.#failure = error instanceof Error ? error.message : String(error)
      },
    )
  }

  async append(draft: Draft, preconditions: Preconditions | null): Promise<Recorded> {
    if (this.#failure !== null) throw unavailable(this.#failure)
    if (this.#closing !== null) throw unavailable('The log is closed.')
    // Before it has a place in the order: what is in the order and not signed holds up all behind it.
    const unsigned = this.signer.failure()
    if (unsigned !== null) throw unavailable(unsigned)
    const standing = this.#parts.sequence.standing(preconditions, draft)
    if (standing !== null) return await this.#again(standing)
    return await this.#accept(this.#parts.sequence.admitted(draft, preconditions))
  }

  async find(id: string): Promise<Recorded | null> {
    const position = this.#parts.index.position(id)
    // The index may know of entries that are gone.
    if (position === null || position.segment < this.first()) return null
    return await readRecorded(this.#parts, position, id)
  }

  async entries(from: number, most: number): Promise<readonly Recorded[]> {
    const { system, directory, dataKeys, tree, index } = this.#parts
    const to = Math.min(from + most, tree.size)
    if (from < this.first()) throw new PdpError('not_found', `Entry ${String(from)} was pruned.`)
    if (from >= to) return []
    const position = index.positionAt(from)
    const place = position === null ? null : { index: from, ...position }
    return await readInOrder(new FrameReader(system, directory, place), dataKeys, from, to)
  }

  async select(filter: DecisionFilter, from: number, to: number): Promise<Selected> {
    const { index } = this.#parts
    const { places, next } = await index.select(filter, Math.max(from, this.first()), to)
    const decisions: Recorded[] = []
    for (const place of places) {
      const position = index.positionAt(place)
      if (position === null)
        throw new PdpError('internal', 'The index lists what it does not have.')
      const recorded = await readRecorded(this.#parts, position, place)
      // The index only leads there: what is so, the leaf says.
      if (meetsFilter(recorded.leaf, filter)) decisions.push(recorded)
    }
    return { decisions, next }
  }

  async leaves(from: number, to: number): Promise<readonly Uint8Array[]> {
    const frames = await this.#frames.read(from, to)
    // Copies: what is kept of a piece that was read would keep all of it.
    return frames.map(({ frame }) => new Uint8Array(frame.leaf))
  }

  head(): { readonly size: number; readonly root: Uint8Array } {
    const { tree } = this.#parts
    return { size: tree.size, root: tree.root() }
  }

  /** Calls back whenever entries became durable: in the turn of their answers, so it must only take note. */
  whenGrown(told: () => void): void {
    this.#grown = told
  }

  get keys(): KeyLog {
    return this.#parts.sequence.keys
  }

  /** Every key that ever signed here, for `/.well-known/jwks.json`. */
  get publicKeys(): readonly PublicJwk[] {
    const { keys, keyUse } = this.#parts
    return keySet({ keys: this.keys, use: keyUse }, keys.publicKeys, keys.first.kid)
  }

  size(): number {
    return this.#parts.tree.size
  }

  indexed(): number {
    return this.#parts.index.indexed
  }

  first(): number {
    return this.pruning.first
  }

  time(): number {
    return this.#parts.sequence.time
  }

  /** RFC 6962 tree hash over the entries that are durable. */
  root(): string {
    return printedHash(this.#parts.tree.root())
  }

  failure(): string | null {
    return this.#failure
  }

  /** Why the log is to take no more entries, told by a part that works beside it. */
  stop(error: unknown): void {
    this.#commits.stop(error)
  }

  holdsAbout(subject: string): boolean {
    return this.#parts.dataKeys.has(subject)
  }

  classesHeld(): readonly string[] {
    return this.#parts.dataKeys.classes()
  }

  holdsBefore(name: string, time: number): boolean {
    return this.#parts.dataKeys.hasBefore(name, time)
  }

  scrub(): Promise<void> {
    return this.#parts.dataKeys.scrub()
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  /** The record of an equal request: of one that is still on its way, its very answer. */
  async #again(id: string): Promise<Recorded> {
    const recorded = await (this.#underWay.get(id) ?? this.find(id))
    if (recorded === null) throw unavailable(`The record ${id} cannot be found.`)
    return recorded
  }

  /** All that may fail for this draft alone comes before the order moves. */
  #accept(draft: Draft): Promise<Recorded> {
    const { sequence, dataKeys } = this.#parts
    const sealed = sealOrRefuse(dataKeys, sequence, draft)
    const placed = sequence.place(draft, sealed.inLeaf)
    if (tokenBytesBound(Buffer.byteLength(placed.payload)) > limits.leafBytes) {
      throw unavailable('The leaf is larger than an entry may be.')
    }
    const key = this.#keyFor(placed.leaf)
    sequence.follow(placed.leaf, placed.payload)
    return this.#enqueue(draft, { placed, key }, sealed.bytes)
  }

  /** The key whose turn it is: leaves before this one say so. @throws PdpError `audit_unavailable` when there is none. */
  #keyFor(leaf: Leaf): SigningKey {
    if (this.keys.all().length === 0) return this.firstKey
    const key = this.keys.signerOf(leaf)
    if (key === null) throw unavailable('The signing key has ended: start the service again.')
    return key
  }

  #enqueue(
    draft: Draft,
    { placed, key }: { readonly placed: PlacedLeaf; readonly key: SigningKey },
    disclosure: Uint8Array,
  ): Promise<Recorded> {
    const { promise, resolve, reject } = Promise.withResolvers<Recorded>()
    const { leaf } = placed
    const entry: Entry = {
      ...{ placed, disclosure, token: '', hash: emptyRoot },
      ready: this.#signed(draft.typ, placed.payload, key).then((token) => {
        entry.token = token
        entry.hash = leafHash(token)
        entry.isReady = true
      }),
      isReady: false,
      done: () => {
        this.#underWay.delete(leaf.jti)
        const disclosed = draft.disclosure?.value ?? null
        const { token, hash } = entry
        resolve({ token, leaf, leafHash: printedHash(hash), disclosed, ended: [] })
      },
      failed: (error) => {
        this.#underWay.delete(leaf.jti)
        reject(unavailable('The log cannot take entries.', error))
      },
    }
    this.#underWay.set(leaf.jti, promise)
    this.#commits.add(entry)
    return promise
  }

  /** A signer that throws must not leave a place without an entry: it fails as one that rejects. */
  async #signed(typ: Draft['typ'], payload: string, key: SigningKey): Promise<string> {
    return await this.#parts.sign(typ, payload, key)
  }

  async #commit(group: readonly Entry[]): Promise<void> {
    const { dataKeys, segments, tree, index } = this.#parts
    // Keys before the entries that need them. If we crash between the two, a key was made in vain.
    dataKeys.flush()
    const positions = await segments.write(
      group.map(({ token, disclosure }) => ({ leaf: token, disclosure })),
    )
    for (const [at, { placed, hash }] of group.entries()) {
      const position = positions[at]
      if (position === undefined) throw new RangeError('an entry was written nowhere')
      tree.append(hash)
      index.add(placed.leaf.jti, position)
    }
    // The leaf of an erasure is durable from here on. If we crash before the keys are gone, opening the log destroys them,
    // from the leaf; whoever asked for it was told nothing yet.
    dataKeys.destroy(erasuresIn(group.map(({ placed }) => placed.leaf)))
    // From here on no key opens what was disclosed. If we crash, the leaf is followed again, and finds nothing to destroy.
    // Readers find a new key before a checkpoint can cover what it signs. If we crash first, opening the log publishes it.
    if (group.some(({ placed }) => isOfKeys(placed.leaf)))
      await this.publication.publishKeys(this.publicKeys)
    this.#grown()
    await index.grown()
  }

  async #close(): Promise<void> {
    const { segments, index, dataKeys, lock } = this.#parts
    await this.#commits.idle()
    try {
      await segments.close()
      if (this.#failure === null) await index.close()
      else await index.abandon()
    } finally {
      dataKeys.close()
      await this.signer.close()
      // Last: from here on another process may open what we have left.
      lock.release()
    }
  }
}

const isOfKeys = ({ kind }: Leaf): boolean => kind === 'key_rotation' || kind === 'key_revocation'

function unavailable(reason: string, cause?: unknown): PdpError {
  return new PdpError('audit_unavailable', reason, { cause })
}
