/**
 * One publication: what became durable since the last one, as tiles, under a signed checkpoint.
 *
 * The order is the safety. Beside each step stands what is there if we die right after it; the next publication
 * does what is left, also the first one after a start: there is no other way back.
 */
import { checkpointText } from '../audit/checkpoint.ts'
import type { GrowingTiles } from '../audit/growing-tiles.ts'
import { sameHash } from '../audit/merkle.ts'
import { hexOf } from '../audit/note-key.ts'
import { parseNote, printNote, type NoteSignature } from '../audit/signed-note.ts'
import { completedTiles, tilePath, tileWidth } from '../audit/tile.ts'
import { PdpError } from '../contract/error-code.ts'
import type { AuditLog } from '../port/audit-log.ts'
import type { Clock } from '../port/clock.ts'
import type { Publication } from '../port/publication.ts'
import { consistencyFrom } from './published-hashes.ts'
import type { WitnessedHistory } from './witnessed-history.ts'
import type { Witnessing } from './witnessing.ts'

export type PublishPorts = {
  readonly audit: Pick<AuditLog, 'origin' | 'head' | 'leaves'>
  readonly publication: Publication
  readonly clock: Clock
  /** Null: nobody cosigns. */
  readonly witnesses: Witnessing | null
  /** Where what they cosigned is kept; absent when nobody does. */
  readonly history?: WitnessedHistory
}

/** How far the log is published. */
export type Published = {
  readonly tiles: GrowingTiles
  /** The checkpoint of that size; null when this log has none, or its tiles have to be written anew. */
  readonly note: string | null
  /** Milliseconds since the epoch: when it was published; null when not since the start. */
  readonly at: number | null
}

/** Entries that are read at a time: four bundles. */
const leavesAtOnce = 4 * tileWidth

/**
 * Gives how far the log is published then. When it throws, what was given stands, and publishing again is safe.
 *
 * @throws PdpError `log_corrupt` when the entries on disk are not those that were acknowledged; else the error of the disk.
 */
export async function publishCheckpoint(
  before: Published,
  ports: PublishPorts,
): Promise<Published> {
  const { audit, publication, clock } = ports
  const { size, root } = audit.head()
  if (size === before.tiles.size && before.note !== null) {
    return await witnessedAgain(before, before.note, ports)
  }
  const tiles = before.tiles.copy()
  // Files that no checkpoint covers: nobody asks for them, and the next attempt writes the same again.
  await writeGrowth(tiles, size, ports)
  if (!sameHash(tiles.root(), root)) throw otherEntries(size)
  const text = checkpointText({ origin: audit.origin, size, root })
  // A signature that nobody has seen.
  const signature = await publication.sign(text)
  const { name, id } = publication.key
  const own = { name, id, signature }
  // From here on the log is bound to this root: a start holds it against the entries before anything else.
  await publication.keep(printNote({ text, signatures: [own] }))
  // From here on witnesses are bound to it too, and readers have not seen it: the next start signs the same text again,
  // and a witness that has cosigned it does so once more.
  const note = await witnessed({ text, own, size, root }, ports)
  // Readers see the new checkpoint or the old one, which stays true.
  await publication.publish(note)
  // What witnesses signed is known to whoever reads now, and will be kept with the next one.
  await ports.history?.keep(note, clock.now())
  // Partial tiles that are full by now: left behind they waste room, and are removed by the next start.
  await publication.tidy(fullPaths(before, size))
  return { tiles, note, at: clock.now() }
}

type Signed = {
  readonly text: string
  readonly own: NoteSignature
  readonly size: number
  readonly root: Uint8Array
}

/** The note with what witnesses add to it: bounded in time, and with none of them when they fail. */
async function witnessed(
  { text, own, size, root }: Signed,
  { publication, witnesses }: PublishPorts,
): Promise<string> {
  const note = printNote({ text, signatures: [own] })
  if (witnesses === null) return note
  const proofFrom = (old: number): Promise<readonly Uint8Array[]> =>
    consistencyFrom(old, { size, root }, publication)
  const cosignatures = await witnesses.round({ text, note, size, proofFrom })
  return printNote({ text, signatures: [own, ...cosignatures] })
}

/** Nothing is new but, perhaps, who cosigns what is published already. Should we die between: the note without them is true. */
async function witnessedAgain(
  before: Published,
  published: string,
  ports: PublishPorts,
): Promise<Published> {
  const { publication, witnesses } = ports
  const read = parseNote(published)
  const { name: origin, id: key } = publication.key
  const own = read?.signatures.find(({ name, id }) => name === origin && hexOf(id) === hexOf(key))
  if (witnesses?.isDue() !== true || read === null || own === undefined) return before
  const { tiles } = before
  const signed = { text: read.text, own, size: tiles.size, root: tiles.root() }
  const note = await witnessed(signed, ports)
  if (note === published) return before
  await publication.publish(note)
  await ports.history?.keep(note, ports.clock.now())
  return { ...before, note }
}

/** Every tile and bundle that the size consists of and the size before did not: durable once it has resolved. */
async function writeGrowth(
  tiles: GrowingTiles,
  size: number,
  { audit, publication }: PublishPorts,
): Promise<void> {
  while (tiles.size < size) {
    const leaves = await audit.leaves(tiles.size, Math.min(tiles.size + leavesAtOnce, size))
    for (const leaf of leaves) tiles.append(leaf)
    await publication.write(tiles.takeFull())
  }
  await publication.write(tiles.partial())
}

/** After a start, all of them: whoever died before may have left something behind. */
function* fullPaths({ tiles, at }: Published, size: number): Generator<string> {
  for (const tile of completedTiles(at === null ? 0 : tiles.size, size)) yield tilePath(tile)
}

function otherEntries(size: number): PdpError {
  return new PdpError(
    'log_corrupt',
    `The ${size} entries in log/ are not those that were acknowledged: their root differs. Nothing was signed. Stop the ` +
      'service, keep a copy of its directory, and look at the disk.',
  )
}
