/**
 * The life of a tenant's decision keys: each step is a leaf, and the log then says which key signs what.
 *
 * A new private key is durable before the leaf that names it, and that leaf before anything that the key signs: in between,
 * whatever happens, the old key goes on. The old private half is forgotten only after the leaf that ends it.
 */
import type { LoggedKey } from '../audit/key-log.ts'
import { printVerifierKey, type NoteKey } from '../audit/note-key.ts'
import { PdpError } from '../contract/error-code.ts'
import { limits } from '../contract/limits.ts'
import type {
  KeyRevocation,
  KeyRotation,
  PublicKey,
  SigningKeyList,
  SigningKeyState,
} from '../contract/signing-key.ts'
import type { Signer, SigningAlgorithm } from '../port/signer.ts'
import { recordEvent, type EventPorts } from './record-event.ts'
import type { Turns } from './turns.ts'

export type KeyPorts = EventPorts & {
  readonly signer: Signer
  /** Whoever changes keys: two at once would end a key twice, and no such log verifies. */
  readonly turns: Turns
  readonly algorithm: SigningAlgorithm
  /** How long a key may be used, from when it is announced. */
  readonly lifetimeSeconds: number
  /** So long before its end the service rotates a key of itself; null: a person does. */
  readonly rotateSeconds: number | null
  /** Signs checkpoints. */
  readonly noteKey: NoteKey
}

/** Who asks for a new key, and why. */
export type RotationWish = {
  readonly announceSeconds: number
  readonly reason: string
  /** Null: the service itself. */
  readonly by: string | null
}

/**
 * At a start, before anything else is logged: names the keys that no leaf names yet, and forgets those that are over and were
 * not forgotten, since we crashed after the leaf.
 *
 * @param first signs as long as no leaf names a key
 */
export function introduceKeys(first: PublicKey, ports: KeyPorts): Promise<void> {
  return ports.turns.take(() => introduce(first, ports))
}

async function introduce(first: PublicKey, ports: KeyPorts): Promise<void> {
  const { audit, noteKey, signer } = ports
  for (const { key } of await signer.keys())
    if (audit.keys.find(key.kid)?.isOver === true) await signer.destroy(key.kid)
  if (audit.keys.all().length === 0) await start(first, 0, ports, {})
  const wish = { reason: 'at a start', by: null }
  const current = audit.keys.turn(nowOf(ports))
  // One that has ended signs nothing, not even the word of its successor, which introduces itself.
  if (daysLeft(ports) === null) await rotate({ ...wish, announceSeconds: 0 }, ports)
  else if (current?.key.alg !== ports.algorithm && !isAnnounced(ports))
    await rotate({ ...wish, announceSeconds: limits.announceSeconds }, ports)
  if (audit.keys.noteKey === null) {
    const nbf = nowOf(ports)
    const vkey = printVerifierKey(noteKey)
    await record(ports, { change: 'start', use: 'note', vkey, nbf })
  }
}

/**
 * A new key: verifies from now on, and signs after `announceSeconds`.
 *
 * @throws PdpError `key_conflict` while another is announced; `audit_unavailable`, and then the old key goes on.
 */
export function rotateKey(wish: RotationWish, ports: KeyPorts): Promise<void> {
  return ports.turns.take(() => rotate(wish, ports))
}

async function rotate(wish: RotationWish, ports: KeyPorts): Promise<void> {
  const { signer, algorithm } = ports
  const { announceSeconds, reason, by } = wish
  if (isAnnounced(ports) && announceSeconds > 0) {
    throw new PdpError(
      'key_conflict',
      'A key is announced already: wait until it signs, or rotate without announcing.',
    )
  }
  const { key } = await signer.make('decision', algorithm)
  await start(key, announceSeconds, ports, { reason, ...(by === null ? {} : { by }) })
  await endSuperseded(ports)
}

/** Ends keys whose successor signs. Safe to repeat: what was left undone is done. */
async function endSuperseded(ports: KeyPorts): Promise<void> {
  const { audit, signer } = ports
  for (const { key, exp } of audit.keys.superseded(nowOf(ports))) {
    // It may still sign up to this very leaf, and in the same second; its window never grows.
    const end = Math.min(exp, nowOf(ports) + 1)
    await record(ports, { change: 'end', use: 'decision', kid: key.kid, exp: end })
    await signer.destroy(key.kid)
  }
}

/**
 * Says that somebody else may have signed by a key from a moment on. The key that signs is replaced first, at once.
 *
 * @throws PdpError `not_found` for a key that is not of this log, `invalid_request` for a moment to come.
 */
export function revokeKey(revocation: KeyRevocation, ports: KeyPorts): Promise<void> {
  return ports.turns.take(() => revoke(revocation, ports))
}

async function revoke(
  { kid, compromised_at, reason, by }: KeyRevocation,
  ports: KeyPorts,
): Promise<void> {
  const { audit, signer } = ports
  if (audit.keys.find(kid) === null)
    throw new PdpError('not_found', 'This log has no decision key of that name.')
  if (compromised_at > nowOf(ports)) {
    const faults = [{ pointer: '/compromised_at', reason: 'name a moment that is not to come' }]
    throw new PdpError('invalid_request', 'The moment lies in the future.', { faults })
  }
  await endSuperseded(ports)
  if (audit.keys.turn(nowOf(ports))?.key.kid === kid)
    await rotate({ announceSeconds: 0, reason, by }, ports)
  await recordEvent(ports, 'key_revocation', { kid, compromised_at, reason, by })
  await signer.destroy(kid)
}

/** What has to be done of itself by now. */
export function tendKeys(ports: KeyPorts): Promise<void> {
  return ports.turns.take(() => tend(ports))
}

async function tend(ports: KeyPorts): Promise<void> {
  await endSuperseded(ports)
  const { rotateSeconds, audit } = ports
  const now = nowOf(ports)
  const current = audit.keys.turn(now)
  if (rotateSeconds === null || current === null || current.exp - now > rotateSeconds) return
  if (isAnnounced(ports)) return
  const announceSeconds = Math.max(0, Math.min(limits.announceSeconds, current.exp - now - 1))
  await rotate({ announceSeconds, reason: 'its key nears its end', by: null }, ports)
}

export function keyListOf(ports: KeyPorts): SigningKeyList {
  const { audit, tenant, noteKey } = ports
  return {
    tenant,
    keys: audit.keys.all().map((logged): SigningKeyState => {
      const { key, nbf, signsFrom, exp, compromisedAt } = logged
      const { kid, alg: algorithm } = key
      const state = stateOf(logged, ports)
      const times = { nbf, signs_from: signsFrom, exp, compromised_at: compromisedAt }
      return { kid, algorithm, state, ...times }
    }),
    note_key: printVerifierKey(noteKey),
    days_left: daysLeft(ports),
  }
}

/** Whole days until the key that signs ends; null when none can sign. */
export function daysLeft(ports: KeyPorts): number | null {
  const now = nowOf(ports)
  const current = ports.audit.keys.turn(now)
  return current === null || current.exp <= now ? null : Math.floor((current.exp - now) / 86_400)
}

/** What an operator should look at. */
export function keyNotices(ports: KeyPorts): string[] {
  const days = daysLeft(ports)
  return days === null || days >= limits.keyNoticeDays
    ? []
    : [
        `the key that signs decisions ends in ${String(days)} days, and nothing is decided after that: countersign keys rotate`,
      ]
}

/** Why nothing can be signed. */
export function keyObstacles(ports: KeyPorts): string[] {
  const failure = ports.signer.failure()
  const isOver = ports.audit.keys.all().length > 0 && daysLeft(ports) === null
  return [
    ...(failure === null ? [] : [`nothing can be signed: ${failure}`]),
    ...(isOver
      ? ['the key that signs decisions has ended: start the service again, which makes a new one']
      : []),
  ]
}

function isAnnounced(ports: KeyPorts): boolean {
  return ports.audit.keys.all().some((key) => stateOf(key, ports) === 'announced')
}

function stateOf(
  { isOver, compromisedAt, signsFrom, exp }: LoggedKey,
  ports: KeyPorts,
): SigningKeyState['state'] {
  const now = nowOf(ports)
  if (compromisedAt !== null) return 'revoked'
  if (isOver || exp <= now) return 'ended'
  return signsFrom > now ? 'announced' : 'signing'
}

async function start(
  key: PublicKey,
  announceSeconds: number,
  ports: KeyPorts,
  why: { readonly by?: string; readonly reason?: string },
): Promise<void> {
  const nbf = nowOf(ports)
  const times = { nbf, signs_from: nbf + announceSeconds, exp: nbf + ports.lifetimeSeconds }
  await record(ports, { change: 'start', use: 'decision', key, ...times, ...why })
}

async function record(ports: KeyPorts, event: KeyRotation): Promise<void> {
  await recordEvent(ports, 'key_rotation', event)
}

/** Seconds; the clock of a tenant is never below its last leaf. */
function nowOf({ clock }: KeyPorts): number {
  return Math.floor(clock.now() / 1000)
}
