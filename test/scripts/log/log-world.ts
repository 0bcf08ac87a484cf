/** The leaves of a real service, published by keys that the test holds, and everything that can be done to them. */
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseNote, printNote } from '../../../service/audit/signed-note.ts'
import type { DecisionLeaf, EventLeaf, Leaf } from '../../../service/contract/leaf.ts'
import { limits } from '../../../service/contract/limits.ts'
import { digestOfJson } from '../../../service/statement/digest.ts'
import { answer } from '../../support/approver.ts'
import { queriesByEffect, startDevelopmentService } from '../../support/development-service.ts'
import {
  leafSigner,
  newNoteSigner,
  noteSignerOf,
  publish,
  put,
  reachPublished,
  signedCheckpoint,
  signingKeyIn,
  type Publication,
} from '../../support/published-log.ts'
import { leafOf, payloadOf, tokensIn } from '../../support/segment.ts'

/** Permits that are reported, and batches of others: together enough for a full tile, and a second level above it. */
export const questions = 16
const batches = 4

/** @param home an empty folder; the tenant's data is kept in its folder `tenant` */
export async function createLogWorld(home: string): Promise<LogWorld> {
  const data = join(home, 'data')
  const service = await startDevelopmentService({ data })
  const queries = await queriesByEffect(service.keys)
  const { hold } = await service.ask(queries.hold)
  await answer(service, hold?.id ?? '', 'rita')
  await service.ask(queries.hold)
  await service.ask(queries.deny)
  const scope = { kind: 'server', server: 'another' }
  const stop = await service.post('/v1/stops', { scope, reason: 'a drill' })
  await service.post(`/v1/stops/${String(stop.body['id'])}/lift`, { reason: 'it is over' })
  const reported = async (): Promise<void> => {
    const { decision_id: id } = await service.ask(queries.permit)
    await service.post(`/v1/decisions/${id}/outcome`, { status: 'executed' })
  }
  for (let asked = 1; asked < questions; asked += 1) await reported()
  const many = { queries: Array.from({ length: limits.batchQueries }, () => queries.permit) }
  for (let asked = 0; asked < batches; asked += 1) await service.post('/v1/decisions/batch', many)
  await reported()
  await reachPublished(join(data, 'tenants/dev'))
  const jwks = (await service.get('/.well-known/jwks.json')).body as Publication['jwks']
  cpSync(join(data, 'tenants/dev'), join(home, 'tenant'), { recursive: true })
  await service.stop()
  return new LogWorld(home, jwks)
}

export class LogWorld {
  /** Where it is published. */
  readonly log: string
  readonly tokens: readonly string[]
  readonly leaves: readonly Leaf[]
  readonly honest: ReturnType<typeof newNoteSigner>
  readonly thief = newNoteSigner()
  readonly publication: Publication
  readonly resigned: ReturnType<typeof leafSigner>

  constructor(home: string, jwks: Publication['jwks']) {
    this.log = join(home, 'export')
    this.honest = noteSignerOf(join(home, 'tenant'))
    this.tokens = tokensIn(join(home, 'tenant/log'))
    this.leaves = this.tokens.map(leafOf)
    this.resigned = leafSigner(signingKeyIn(join(home, 'tenant')))
    this.publication = { tokens: this.tokens, origin: 'localhost/dev', signer: this.honest, jwks }
  }

  /** As the service would publish it, but for what is given. */
  republish(changed: Partial<Publication> = {}): string {
    publish(this.log, { ...this.publication, ...changed })
    return this.log
  }

  /** As it was when it had so many entries. */
  past(size: number): string {
    return this.republish({ tokens: this.tokens.slice(0, size) })
  }

  read(path: string): Buffer {
    return readFileSync(join(this.log, path))
  }

  write(path: string, bytes: string | Uint8Array): string {
    put(this.log, path, bytes)
    return path
  }

  remove(path: string): string {
    rmSync(join(this.log, path))
    return path
  }

  /** Changes a byte of a file, counted from its end when negative. */
  flip(path: string, at: number): string {
    const bytes = this.read(path)
    const place = at < 0 ? bytes.length + at : at
    bytes[place] = (bytes[place] ?? 0) ^ 1
    writeFileSync(join(this.log, path), bytes)
    return path
  }

  /** Changes the signature of the checkpoint, and nothing around it. */
  spoilSignature(spoil: (signature: Buffer) => void): string {
    const note = parseNote(this.read('checkpoint').toString())
    if (note === null) throw new Error('the checkpoint is no signed note')
    const signatures = note.signatures.map((own) => {
      const signature = Buffer.from(own.signature)
      spoil(signature)
      return { ...own, signature }
    })
    return this.write('checkpoint', printNote({ ...note, signatures }))
  }

  /** Puts another letter of base64 in the place of one. */
  swapLetter(path: string, at: number): string {
    const text = this.read(path).toString()
    return this.write(
      path,
      text.slice(0, at) + (text.at(at) === 'A' ? 'B' : 'A') + text.slice(at + 1),
    )
  }

  /** A checkpoint over all entries, with another root. */
  forked(origin: string): string {
    return signedCheckpoint(origin, this.tokens.length, new Uint8Array(32), this.honest)
  }

  /** With the one key of the history changed. */
  keyed(changes: object): string {
    const [key] = this.publication.jwks.keys
    return this.republish({ jwks: { keys: [{ ...key, ...changes }] } })
  }

  partial(): string {
    return `tile/entries/001.p/${String(this.tokens.length - 256)}`
  }

  /** The first leaf of a kind from a place on. */
  first(kind: string, from = 0): number {
    return this.leaves.findIndex((leaf, at) => at >= from && leaf.kind === kind)
  }

  eventOf(at: number): EventLeaf['event'] {
    return (this.leaves[at] as EventLeaf).event
  }

  /** With one leaf that says something else, signed anew. */
  edit(at: number, changes: object, header: object = {}): readonly string[] {
    return this.tokens.with(at, this.resigned(this.tokens[at] ?? '', changes, header))
  }

  /** With another vote: what comes after it in its workflow is linked to what it was. */
  vote(changes: object): readonly string[] {
    const at = this.first('approval_vote')
    return this.edit(at, { event: { ...this.eventOf(at), ...changes } })
  }

  /** The decision that used the approval. */
  used(): number {
    return this.leaves.findIndex((leaf) => leaf.kind === 'decision' && leaf.approval !== undefined)
  }

  approval(): string {
    return String(this.eventOf(this.first('approval_vote'))['approval_id'])
  }

  /** Who asked for it. */
  asker(): string {
    const held = this.leaves[this.first('decision')] as DecisionLeaf
    return held.sub ?? ''
  }

  /** With the use of the approval for another action. */
  rebound(action: string): readonly string[] {
    const at = this.used()
    const { binding } = this.leaves[at] as DecisionLeaf
    return this.edit(at, { binding: { ...binding, action_digest: action } })
  }

  /** With another last outcome. */
  outcome(changes: object): readonly string[] {
    const at = this.tokens.length - 1
    return this.edit(at, { event: { ...this.eventOf(at), ...changes } })
  }

  /** With the last outcome reported once more, rightly linked and signed. */
  outcomeTwice(): readonly string[] {
    const last = this.tokens.at(-1) ?? ''
    const { workflow } = leafOf(last)
    const prev = digestOfJson('leaf-payload', payloadOf(last))
    const link = { ...workflow, seq: Number(workflow?.seq) + 1, prev }
    const changes = { index: this.tokens.length, jti: 'out_again', workflow: link }
    return [...this.tokens, this.resigned(last, changes)]
  }

  /** Without one leaf; the others take its place, each signed anew. */
  renumbered(without: number): readonly string[] {
    return this.tokens
      .toSpliced(without, 1)
      .map((token, index) => (index < without ? token : this.resigned(token, { index })))
  }
}
