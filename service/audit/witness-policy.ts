/**
 * Which witnesses a checkpoint must have: C2SP tlog-policy, one file of lines `log`, `witness`, `group` and `quorum`.
 *
 * Read strictly: a policy that is misread would find a quorum where there is none. UTF-8 is demanded, which the
 * specification only recommends.
 */
import { hexOf, noteAlgorithm, parseVerifierKey, type NoteKey } from './note-key.ts'

export type Witness = {
  /** Means something in this policy alone; what stands in a note is the name of the key. */
  readonly name: string
  readonly key: NoteKey
  /** Its submission prefix (C2SP tlog-witness); null when it cannot be asked. */
  readonly url: string | null
}

/** A witness, or a number of members of which at least so many must have signed. */
export type Quorum =
  { readonly witness: string } | { readonly threshold: number; readonly members: readonly Quorum[] }

export type WitnessPolicy = {
  /** Any of them may have signed; empty when the log is known otherwise. */
  readonly logs: readonly NoteKey[]
  readonly witnesses: readonly Witness[]
  /** Null: none is demanded. */
  readonly quorum: Quorum | null
}

/** `reason` says what to change, and in which line. */
export type PolicyReading =
  | { readonly ok: true; readonly policy: WitnessPolicy }
  | { readonly ok: false; readonly reason: string }

/** Witnesses, logs and groups that are read; 32 of each must be. */
const most = 64

class PolicyFault extends Error {}

type Reading = {
  readonly logs: NoteKey[]
  readonly witnesses: Witness[]
  /** Witnesses and groups: they share their names. */
  readonly named: Map<string, Quorum>
  readonly members: Set<string>
  quorum: Quorum | null | undefined
}

export function parseWitnessPolicy(text: string): PolicyReading {
  const reading: Reading = {
    ...{ logs: [], witnesses: [], named: new Map(), members: new Set(), quorum: undefined },
  }
  const lines = text.split('\n')
  for (const [at, line] of lines.entries()) {
    try {
      readLine(line, reading)
    } catch (error) {
      if (!(error instanceof PolicyFault)) throw error
      return { ok: false, reason: `line ${String(at + 1)}: ${error.message}` }
    }
  }
  const { logs, witnesses, quorum } = reading
  if (quorum === undefined) {
    return { ok: false, reason: 'it has no quorum: end it with a line "quorum <name>"' }
  }
  return { ok: true, policy: { logs, witnesses, quorum } }
}

/** Whether a quorum has signed. @param signed names of witnesses in the policy */
export function isQuorumMet(quorum: Quorum | null, signed: ReadonlySet<string>): boolean {
  if (quorum === null) return true
  if ('witness' in quorum) return signed.has(quorum.witness)
  const { threshold, members } = quorum
  return members.filter((member) => isQuorumMet(member, signed)).length >= threshold
}

function readLine(line: string, reading: Reading): void {
  if (/[\u0000-\u0008\u000b-\u001f\u007f\ufffd]/.test(line)) {
    throw new PolicyFault('only tabs and printable UTF-8 may stand there')
  }
  const [keyword, ...words] = line.split(/[ \t]+/).filter((word) => word !== '')
  if (keyword === undefined || keyword.startsWith('#')) return
  switch (keyword) {
    case 'log':
      readLog(words, reading)
      break
    case 'witness':
      readWitness(words, reading)
      break
    case 'group':
      readGroup(words, reading)
      break
    case 'quorum':
      readQuorum(words, reading)
      break
    default:
      throw new PolicyFault(
        `"${keyword}" is none of log, witness, group and quorum: write one of these`,
      )
  }
}

function readLog([vkey, , ...more]: readonly string[], { logs }: Reading): void {
  if (vkey === undefined || more.length > 0) throw new PolicyFault('write "log <vkey> [<url>]"')
  const key = keyIn(vkey, noteAlgorithm.ed25519)
  refuseSecond(key, logs)
  logs.push(key)
  refuseMany(logs.length)
}

function readWitness([name, vkey, url, ...more]: readonly string[], reading: Reading): void {
  if (name === undefined || vkey === undefined || more.length > 0) {
    throw new PolicyFault('write "witness <name> <vkey> [<url>]"')
  }
  const key = keyIn(vkey, noteAlgorithm.cosignature)
  const { witnesses } = reading
  refuseSecond(
    key,
    witnesses.map((one) => one.key),
  )
  define(name, { witness: name }, reading)
  witnesses.push({ name, key, url: url ?? null })
}

function readGroup([name, threshold, ...names]: readonly string[], reading: Reading): void {
  if (name === undefined || threshold === undefined || names.length === 0) {
    throw new PolicyFault('write "group <name> all|any|<k> <name>…"')
  }
  const members = names.map((member) => {
    const found = reading.named.get(member)
    if (found === undefined) throw new PolicyFault(`no line before it defines "${member}"`)
    if (reading.members.has(member)) {
      throw new PolicyFault(`"${member}" is a member already; each may be one only once`)
    }
    reading.members.add(member)
    return found
  })
  define(name, { threshold: thresholdOf(threshold, members.length), members }, reading)
}

function thresholdOf(text: string, members: number): number {
  if (text === 'all') return members
  if (text === 'any') return 1
  const threshold = /^[1-9]\d{0,2}$/.test(text) ? Number(text) : 0
  if (threshold >= 1 && threshold <= members) return threshold
  throw new PolicyFault(`"${text}" is none of all, any and a number from 1 to ${String(members)}`)
}

function readQuorum([name, ...more]: readonly string[], reading: Reading): void {
  if (name === undefined || more.length > 0) throw new PolicyFault('write "quorum <name>"')
  if (reading.quorum !== undefined) throw new PolicyFault('there is a quorum already')
  const quorum = name === 'none' ? null : reading.named.get(name)
  if (quorum === undefined) throw new PolicyFault(`no line before it defines "${name}"`)
  reading.quorum = quorum
}

function define(name: string, quorum: Quorum, { named }: Reading): void {
  if (name === 'none') throw new PolicyFault('"none" cannot be defined')
  if (named.has(name)) throw new PolicyFault(`"${name}" is defined already`)
  named.set(name, quorum)
  refuseMany(named.size)
}

function keyIn(vkey: string, algorithm: number): NoteKey {
  const key = parseVerifierKey(vkey)
  if (key?.algorithm === algorithm) return key
  const whose = algorithm === noteAlgorithm.cosignature ? 'a witness (cosignature/v1)' : 'a log'
  throw new PolicyFault(`${vkey.slice(0, 60)} is no verifier key of ${whose}`)
}

/** Under another name the same key would count twice. */
function refuseSecond({ publicKey }: NoteKey, keys: readonly NoteKey[]): void {
  if (!keys.some((key) => hexOf(key.publicKey) === hexOf(publicKey))) return
  throw new PolicyFault('the same public key stands in a line before')
}

function refuseMany(count: number): void {
  if (count > most) throw new PolicyFault(`more than ${String(most)} are not read`)
}
