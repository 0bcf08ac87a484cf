/**
 * The audit log in memory: the same order, links and signatures, and nothing survives the process.
 *
 * For tests of what stands on a log. Production has no way to choose it.
 */
import { createHash, generateKeyPairSync, randomBytes, sign, type webcrypto } from 'node:crypto'
import type { Draft, Preconditions } from '../../audit/draft.ts'
import {
  composeDisclosure,
  digestInLeaf,
  openedClasses,
  type DisclosedClass,
  type OpenedDisclosure,
} from '../../audit/disclosure.ts'
import { keepingFor, periodOf } from '../../audit/keeping.ts'
import { tokenBytesBound } from '../../audit/leaf-size.ts'
import { startFolds } from '../../audit/fold.ts'
import { approvalsFold, logFoldKinds } from '../../audit/log-folds.ts'
import { GrowingTree, leafHash } from '../../audit/merkle.ts'
import { Sequence, type LeafDisclosure } from '../../audit/sequence.ts'
import type { Grants } from '../../purpose/grants.ts'
import type { ApprovalBounds, Approvals } from '../../approval/approvals.ts'
import type { KeyLog } from '../../audit/key-log.ts'
import type { Passkeys } from '../../approval/passkeys.ts'
import type { Sessions } from '../../audit/sessions.ts'
import { spentProofsFold } from '../../audit/spent-proofs.ts'
import type { Stops } from '../../audit/stops.ts'
import type { Workflows } from '../../workflow/workflows.ts'
import { meetsFilter, type DecisionFilter } from '../../audit/terms.ts'
import type { Digest } from '../../contract/digest.ts'
import type { Retention } from '../../contract/erasure.ts'
import { PdpError } from '../../contract/error-code.ts'
import type { AskedInputs } from '../../workflow/asked-inputs.ts'
import type { Leaf } from '../../contract/leaf.ts'
import { limits } from '../../contract/limits.ts'
import type { AuditLog, Recorded, Selected } from '../../port/audit-log.ts'
import { canonicalJson } from '../../statement/canonical-json.ts'

export class MemoryLog implements AuditLog {
  readonly origin: string
  readonly publicKeys: readonly (webcrypto.JsonWebKey & { readonly kid: string })[]
  readonly pseudonymKey: Uint8Array = randomBytes(32)
  readonly #key = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  readonly #kid: string
  readonly #sequence: Sequence
  readonly #tree = new GrowingTree()
  readonly #entries = new Map<string, Recorded & Held>()
  #failure: string | null = null

  /** @param bounds proofs of possession and approvals that are remembered at once */
  constructor(
    origin: string,
    bounds: Partial<ApprovalBounds & { readonly replayKeys: number }> = {},
  ) {
    this.origin = origin
    const { replayKeys, ...bounded } = { ...limits, ...bounds }
    const kinds = {
      ...logFoldKinds,
      ...{ spent: spentProofsFold(replayKeys), approvals: approvalsFold(bounded) },
    }
    const memory = {
      ...{ heads: new Map(), requests: new Map() },
      ...{ workflows: new Map(), windows: new Map() },
    }
    this.#sequence = new Sequence(origin, memory, startFolds(kinds))
    const { kty, crv, x, y } = this.#key.publicKey.export({ format: 'jwk' })
    const required = { crv, kty, x, y } as Record<string, string>
    this.#kid = createHash('sha256').update(canonicalJson(required)).digest('base64url')
    this.publicKeys = [{ ...required, kid: this.#kid, alg: 'ES256', use: 'sig' }]
  }

  async append(draft: Draft, preconditions: Preconditions | null): Promise<Recorded> {
    if (this.#failure !== null) throw new PdpError('audit_unavailable', this.#failure)
    const standing = this.#sequence.standing(preconditions, draft)
    const recorded =
      standing === null
        ? this.#append(this.#sequence.admitted(draft, preconditions))
        : this.#entries.get(standing)
    if (recorded === undefined) throw new PdpError('internal', 'A standing record is missing.')
    return Promise.resolve(recorded)
  }

  find(id: string): Promise<Recorded | null> {
    return Promise.resolve(this.#entries.get(id) ?? null)
  }

  entries(from: number, most: number): Promise<readonly Recorded[]> {
    return Promise.resolve([...this.#entries.values()].slice(from, from + most))
  }

  select(filter: DecisionFilter, from: number, to: number): Promise<Selected> {
    const met = [...this.#entries.values()]
      .slice(from, to)
      .filter(({ leaf }) => meetsFilter(leaf, filter))
    const decisions = met.slice(0, limits.listedEntries)
    const left = met[limits.listedEntries]
    return Promise.resolve({ decisions, next: left === undefined ? null : left.leaf.index })
  }

  leaves(from: number, to: number): Promise<readonly Uint8Array[]> {
    const tokens = [...this.#entries.values()].slice(from, to).map(({ token }) => token)
    return Promise.resolve(tokens.map((token) => Buffer.from(token)))
  }

  head(): { readonly size: number; readonly root: Uint8Array } {
    return { size: this.#tree.size, root: this.#tree.root() }
  }

  get stops(): Stops {
    return this.#sequence.stops
  }

  get inputs(): AskedInputs {
    return this.#sequence.inputs
  }

  get grants(): Grants {
    return this.#sequence.grants
  }

  get approvals(): Approvals {
    return this.#sequence.approvals
  }

  get workflows(): Workflows {
    return this.#sequence.workflows
  }

  get passkeys(): Passkeys {
    return this.#sequence.passkeys
  }

  get sessions(): Sessions {
    return this.#sequence.sessions
  }

  get keys(): KeyLog {
    return this.#sequence.keys
  }

  first(): number {
    return 0
  }

  size(): number {
    return this.#tree.size
  }

  indexed(): number {
    return this.#tree.size
  }

  time(): number {
    return this.#sequence.time
  }

  root(): string {
    return printed(this.#tree.root())
  }

  failure(): string | null {
    return this.#failure
  }

  /** Makes every later append fail: a test asks what its caller does then. */
  fail(reason: string): void {
    this.#failure ??= reason
  }

  holdsAbout(subject: string): boolean {
    return [...this.#entries.values()].some(
      (entry) => entry.subject === subject && entry.disclosed !== null,
    )
  }

  classesHeld(): readonly string[] {
    const held = [...this.#entries.values()].flatMap(({ classes }) => classes)
    return [...new Set(held.filter(({ text }) => text !== null).map(({ name }) => name))]
  }

  holdsBefore(name: string, time: number): boolean {
    return [...this.#entries.values()].some(({ classes }) =>
      classes.some((one) => one.name === name && one.text !== null && one.until <= time),
    )
  }

  scrub(): Promise<void> {
    return Promise.resolve()
  }

  close(): Promise<void> {
    this.#failure ??= 'The log is closed.'
    return Promise.resolve()
  }

  #append(draft: Draft): Recorded {
    const at = Math.max(draft.now, this.#sequence.time)
    const { subject, classes, inLeaf } = discloseOrRefuse(draft, at)
    const { leaf, payload } = this.#sequence.place(draft, inLeaf)
    if (tokenBytesBound(Buffer.byteLength(payload)) > limits.leafBytes) {
      throw new PdpError('audit_unavailable', 'The leaf is larger than an entry may be.')
    }
    this.#sequence.follow(leaf, payload)
    this.#forget(leaf)
    const token = this.#sign(draft.typ, payload)
    const hash = leafHash(token)
    this.#tree.append(hash)
    const { value: disclosed, ended } = opened(classes, inLeaf)
    const recorded = { token, leaf, leafHash: printed(hash), disclosed, ended, subject, classes }
    this.#entries.set(leaf.jti, recorded)
    return recorded
  }

  #forget(leaf: Leaf): void {
    if (leaf.kind !== 'erasure') return
    for (const [id, entry] of this.#entries) {
      const classes = entry.classes.map((one) =>
        isErased(leaf.event, entry, one) ? { ...one, text: null } : one,
      )
      const { value: disclosed, ended } = opened(classes, digestIn(entry))
      this.#entries.set(id, { ...entry, classes, disclosed, ended })
    }
  }

  #sign(typ: string, payload: string): string {
    const header = JSON.stringify({ alg: 'ES256', typ, kid: this.#kid })
    const input = [header, payload].map((text) => Buffer.from(text).toString('base64url')).join('.')
    const key = { key: this.#key.privateKey, dsaEncoding: 'ieee-p1363' } as const
    return `${input}.${sign('sha256', Buffer.from(input), key).toString('base64url')}`
  }
}

type HeldClass = DisclosedClass & { readonly until: number }
type Held = { readonly subject: string | null; readonly classes: readonly HeldClass[] }
type Disclosed = Held & { readonly inLeaf: LeafDisclosure | null }

function disclose({ disclosure }: Draft, at: number): Disclosed {
  if (disclosure === null) return { subject: null, classes: [], inLeaf: null }
  const { subject, keeping = keepingFor(null, null) } = disclosure
  const { classes, digest } = composeDisclosure(
    () => randomBytes(16).toString('base64url'),
    disclosure,
  )
  const held = classes.map((one) => {
    const period = periodOf(keeping.keepDays(one.name))
    return { ...one, until: (Math.floor(at / period) + 1) * period }
  })
  return { subject, classes: held, inLeaf: { digest, subject } }
}

function discloseOrRefuse(draft: Draft, at: number): Disclosed {
  try {
    return disclose(draft, at)
  } catch (error) {
    throw new PdpError('audit_unavailable', 'What is disclosed is no JSON.', { cause: error })
  }
}

function isErased(event: object, { subject }: Held, { name, until }: HeldClass): boolean {
  const { kind, class: ended, before } = event as Partial<Retention>
  if (kind === 'retention') return ended === name && until <= (before ?? 0)
  return (event as { readonly subject?: unknown }).subject === subject
}

function opened(
  classes: readonly HeldClass[],
  inLeaf: { readonly digest: Digest } | null,
): OpenedDisclosure {
  const found = inLeaf === null ? null : openedClasses(classes, inLeaf.digest)
  return found ?? { value: null, ended: [] }
}

function digestIn({ leaf }: Recorded): { readonly digest: Digest } | null {
  const digest = digestInLeaf(leaf)
  return digest === null ? null : { digest }
}

function printed(hash: Uint8Array): string {
  return `sha256:${Buffer.from(hash).toString('hex')}`
}
