/**
 * A witness in memory, by the words of C2SP tlog-witness: it remembers one checkpoint of each log and cosigns what continues
 * it. `behave` puts another answer in its place.
 */
import { generateKeyPairSync, sign } from 'node:crypto'
import { parseCheckpoint, type Checkpoint } from '../../service/audit/checkpoint.ts'
import { cosignedText } from '../../service/audit/cosignature.ts'
import { emptyRoot } from '../../service/audit/merkle.ts'
import {
  noteAlgorithm,
  noteKey,
  printVerifierKey,
  type NoteKey,
} from '../../service/audit/note-key.ts'
import { parseNote, signatureLine, signersOf, type Note } from '../../service/audit/signed-note.ts'
import { isConsistent } from '../../service/audit/verify-proof.ts'
import { verifyNote } from '../../service/adapter/audit-log/publication/note-signer.ts'
import type { WitnessReply } from '../../service/flow/cosign.ts'

export type Behaviour = (body: string, signal: AbortSignal) => Promise<WitnessReply> | WitnessReply

export class MemoryWitness {
  readonly key: NoteKey
  readonly #pair = generateKeyPairSync('ed25519')
  readonly #logs: readonly NoteKey[]
  /** What it cosigned last, by the name of the log. */
  readonly seen = new Map<string, { size: number; root: Uint8Array }>()
  /** Sizes that were sent as old ones, in order. */
  readonly asked: number[] = []
  behave: Behaviour = (body) => this.addCheckpoint(body)

  constructor(name: string, logs: readonly NoteKey[]) {
    const { x = '' } = this.#pair.publicKey.export({ format: 'jwk' })
    this.key = noteKey(name, noteAlgorithm.cosignature, Buffer.from(x, 'base64url'))
    this.#logs = logs
  }

  /** A line of a policy. */
  line(name: string): string {
    return `witness ${name} ${printVerifierKey(this.key)} https://${name}.example`
  }

  async answer(body: string, signal: AbortSignal): Promise<WitnessReply> {
    this.asked.push(Number(/^old (\d+)\n/u.exec(body)?.[1]))
    return await this.behave(body, signal)
  }

  addCheckpoint(body: string): WitnessReply {
    const end = body.indexOf('\n\n')
    const [first = '', ...proof] = body.slice(0, end).split('\n')
    const note = parseNote(body.slice(end + 2))
    const old = /^old (0|[1-9]\d*)$/u.exec(first)
    if (note === null || old === null) return reply(400)
    return this.#judge(Number(old[1]), proof, note)
  }

  #judge(old: number, proof: readonly string[], note: Note): WitnessReply {
    const checkpoint = parseCheckpoint(note.text)
    if (checkpoint === null) return reply(400)
    const { origin, size, root } = checkpoint
    const known = this.#logs.filter(({ name }) => name === origin)
    if (known.length === 0) return reply(404)
    if ((signersOf(note, known, verifyNote) ?? []).length === 0) return reply(403)
    const refused = this.#refusal(old, proof, checkpoint)
    if (refused !== null) return refused
    this.seen.set(origin, { size, root })
    return reply(200, this.cosignature(note.text))
  }

  #refusal(
    old: number,
    proof: readonly string[],
    { origin, size, root }: Checkpoint,
  ): WitnessReply | null {
    if (old > size) return reply(400)
    const seen = this.seen.get(origin) ?? { size: 0, root: emptyRoot }
    if (old !== seen.size) return reply(409, `${String(seen.size)}\n`, 'text/x.tlog.size')
    const hashes = proof.map((hash) => Buffer.from(hash, 'base64'))
    const roots = { from: old, to: size, fromRoot: seen.root, toRoot: root }
    const holds = old === 0 ? proof.length === 0 : isConsistent({ ...roots, proof: hashes })
    return holds ? null : reply(422)
  }

  cosignature(text: string, time = 1_900_000_000): string {
    const stamp = Buffer.alloc(8)
    stamp.writeBigUInt64BE(BigInt(time))
    const signature = sign(null, Buffer.from(cosignedText(text, time)), this.#pair.privateKey)
    const { name, id } = this.key
    return signatureLine({ name, id, signature: Buffer.concat([stamp, signature]) })
  }
}

export function reply(status: number, text = '', type: string | null = null): WitnessReply {
  return { status, type, text }
}
