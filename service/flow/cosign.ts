/**
 * One checkpoint before one witness (C2SP tlog-witness): its cosignature, or why there is none.
 *
 * What a witness says is not believed: a cosignature counts when its key made it over this very text. What it says of a size
 * is only a question to be proved, except that it has seen more than there is: then this log was cut back.
 */
import { parseCosignatures, parseWitnessSize, printAddCheckpoint } from '../audit/add-checkpoint.ts'
import { hexOf, type NoteKey } from '../audit/note-key.ts'
import type { NoteSignature, NoteVerifier } from '../audit/signed-note.ts'

/** What a witness answered over HTTP. */
export type WitnessReply = {
  readonly status: number
  readonly type: string | null
  readonly text: string
}

/** Posts to `<url>/add-checkpoint`, bounded in time and size. Rejects with what went wrong. */
export type AskWitness = (url: string, body: string, signal: AbortSignal) => Promise<WitnessReply>

export type Submission = {
  /** The text that is cosigned. */
  readonly text: string
  /** The same with the signature of the log. */
  readonly note: string
  readonly size: number
  /** That the tree of so many entries begins this one. Rejects when that cannot be proved from what is published. */
  readonly proofFrom: (old: number) => Promise<readonly Uint8Array[]>
}

/** Why a witness and this log cannot both be right: it saw a longer log, or another one. */
export type Dispute = { readonly kind: 'ahead' | 'forked'; readonly size: number }

export type Cosigned =
  | { readonly is: 'cosigned'; readonly signature: NoteSignature }
  | { readonly is: 'disputed'; readonly dispute: Dispute }
  | { readonly is: 'failed'; readonly reason: string }

export type CosignPorts = {
  readonly ask: AskWitness
  readonly verifies: NoteVerifier
  readonly signal: AbortSignal
}

/**
 * Total. Asks once more when the witness names another size than the one that we began with.
 *
 * @param hint entries that the witness cosigned last, as far as is known
 */
export async function cosign(
  witness: { readonly key: NoteKey; readonly url: string },
  hint: number,
  submission: Submission,
  ports: CosignPorts,
): Promise<Cosigned> {
  try {
    const first = await submit(witness, hint, submission, ports)
    if (!('size' in first)) return first
    if (first.size > submission.size) {
      return { is: 'disputed', dispute: { kind: 'ahead', size: first.size } }
    }
    const second = await submit(witness, first.size, submission, ports)
    if (!('size' in second)) return second
    // The same size again, and it is this one: then its root is another (the specification has 409 for this, too).
    return second.size === first.size && first.size === submission.size
      ? { is: 'disputed', dispute: { kind: 'forked', size: first.size } }
      : failed('it named another size at each attempt')
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error))
  }
}

async function submit(
  { key, url }: { readonly key: NoteKey; readonly url: string },
  old: number,
  { text, note, proofFrom }: Submission,
  { ask, verifies, signal }: CosignPorts,
): Promise<Cosigned | { readonly size: number }> {
  const proof = await proofFrom(old)
  const reply = await ask(url, printAddCheckpoint({ old, proof, note }), signal)
  switch (reply.status) {
    case 200:
      return cosignatureIn(reply.text, key, text, verifies)
    case 409: {
      const size = reply.type === 'text/x.tlog.size' ? parseWitnessSize(reply.text) : null
      return size === null ? failed('it answered 409 without a size') : { size }
    }
    case 422:
      // The proof was right: so it remembers another tree of that size.
      return { is: 'disputed', dispute: { kind: 'forked', size: old } }
    case 404:
      return failed('it does not know this log: register its name and key there (404)')
    case 403:
      return failed('it knows another key of this log (403)')
    default:
      return failed(`it answered ${String(reply.status)}`)
  }
}

function cosignatureIn(body: string, key: NoteKey, text: string, verifies: NoteVerifier): Cosigned {
  const signature = parseCosignatures(body)?.find(
    ({ name, id }) => name === key.name && hexOf(id) === hexOf(key.id),
  )
  if (signature === undefined) return failed('it answered without a cosignature of its key')
  return verifies(key, text, signature.signature)
    ? { is: 'cosigned', signature }
    : failed('its cosignature does not verify')
}

function failed(reason: string): Cosigned {
  return { is: 'failed', reason }
}
