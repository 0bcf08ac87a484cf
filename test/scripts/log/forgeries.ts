/** What may be done to a published log, with which keys, and the first wrong thing that must be named then. */
import { expect } from '@jest/globals'
import { saying } from '../../support/segment.ts'
import { vkeyOf } from '../../support/published-log.ts'
import type { LogWorld } from './log-world.ts'

type Forgery = readonly [
  what: string,
  forge: (world: LogWorld) => string,
  fault: (world: LogWorld) => object,
]

const bundle = 'tile/entries/000'

/** Without its first entry. */
function dropFirst(bytes: Buffer): Uint8Array {
  return bytes.subarray(2 + bytes.readUInt16BE(0))
}

const forgeries: readonly Forgery[] = [
  // Without any key.
  ['a flipped byte of an entry', (w) => w.flip(bundle, 2), () => ({ check: 'tile', index: 0 })],
  [
    'a flipped byte of the last entry',
    (w) => w.flip(w.partial(), -1),
    (w) => ({ check: 'tile', index: w.tokens.length - 1 }),
  ],
  [
    'a flipped byte of a tile',
    (w) => w.flip('tile/0/000', 32 * 7),
    () => ({ check: 'tile', index: 7 }),
  ],
  [
    'a flipped byte of a tile of the second level',
    (w) => w.flip('tile/1/000.p/1', 3),
    () => ({ check: 'tile', index: null, file: 'tile/1/000.p/1' }),
  ],
  [
    'a flipped bit of the signature of the checkpoint',
    (w) => w.spoilSignature((signature) => (signature[40] = (signature[40] ?? 0) ^ 1)),
    () => ({ check: 'note_key', file: 'checkpoint' }),
  ],
  [
    'a signature of the checkpoint that is no base64',
    (w) =>
      w.write(
        'checkpoint',
        w
          .read('checkpoint')
          .toString()
          .replace(/.{4}\n$/u, '.===\n'),
      ),
    () => ({ check: 'checkpoint', file: 'checkpoint', expected: 'a signed checkpoint' }),
  ],
  [
    'a checkpoint that is cut off',
    (w) => w.write('checkpoint', ''),
    () => ({ check: 'checkpoint', file: 'checkpoint' }),
  ],
  [
    'a note key that is none',
    (w) => w.write('keys/log.vkey', 'none'),
    () => ({ check: 'note_key', file: 'keys/log.vkey' }),
  ],
  [
    'a history of keys that is none',
    (w) => w.write('keys/jwks.json', '{"keys": 1}'),
    () => ({ check: 'key', file: 'keys/jwks.json' }),
  ],
  [
    'disclosures that are none',
    (w) => w.write('disclosures/000.jsonl', '\nnone\n'),
    () => ({ check: 'disclosure', found: 'another thing in line 2' }),
  ],
  [
    'an entry too few',
    (w) => w.write(bundle, dropFirst(w.read(bundle))),
    () => ({ check: 'entries', file: bundle }),
  ],
  [
    'a truncated tail',
    (w) => w.remove(w.partial()),
    (w) => ({ check: 'entries', file: w.partial() }),
  ],
  [
    'a tile that is gone',
    (w) => w.remove('tile/0/000'),
    () => ({ check: 'tile', file: 'tile/0/000' }),
  ],
  [
    'the note key of another',
    (w) => w.write('keys/log.vkey', vkeyOf('localhost/dev', w.thief)),
    () => ({ check: 'note_key' }),
  ],
  [
    'another name in the key',
    (w) => w.write('keys/log.vkey', vkeyOf('localhost/acme', w.honest)),
    () => ({ check: 'origin', found: 'localhost/dev' }),
  ],
  [
    'another key under the name of a key',
    (w) => w.keyed({ x: 'A'.repeat(43) }),
    () => ({ check: 'key', file: expect.stringContaining('jwks.json') }),
  ],
  [
    'a key that is not in the history',
    (w) => w.republish({ jwks: { keys: [] } }),
    () => ({ check: 'key', index: 0 }),
  ],
  [
    'a leaf before the window of its key',
    (w) => w.keyed({ nbf: (w.leaves[9]?.iat ?? 0) + 1 }),
    () => ({ check: 'key', index: 0 }),
  ],
  [
    'a leaf behind the window of its key',
    (w) => w.keyed({ exp: w.leaves.at(-1)?.iat }),
    (w) => ({ check: 'key', index: w.leaves.findIndex(({ iat }) => iat === w.leaves.at(-1)?.iat) }),
  ],
  // With the note key.
  [
    'a forked checkpoint',
    (w) => w.write('checkpoint', w.forked('localhost/dev')),
    () => ({ check: 'root', found: '0'.repeat(64) }),
  ],
  [
    'a wrong origin',
    (w) => w.write('checkpoint', w.forked('localhost/acme')),
    () => ({ check: 'origin', found: 'localhost/acme' }),
  ],
  [
    'leaves of another log',
    (w) => w.republish({ origin: 'localhost/acme' }),
    () => ({ check: 'order', index: 0, expected: 'iss localhost/acme' }),
  ],
  [
    'a dropped leaf',
    (w) => w.republish({ tokens: w.tokens.toSpliced(20, 1) }),
    () => ({ check: 'order', index: 20, expected: 'index 20', found: '21' }),
  ],
  [
    'swapped leaves',
    (w) =>
      w.republish({ tokens: w.tokens.with(20, w.tokens[21] ?? '').with(21, w.tokens[20] ?? '') }),
    () => ({ check: 'order', index: 20, found: '21' }),
  ],
  [
    'an edited entry',
    (w) => w.republish({ tokens: w.tokens.with(20, saying(w.tokens[20] ?? '', { exp: 0 })) }),
    () => ({ check: 'signature', index: 20 }),
  ],
  [
    'an entry that is no leaf',
    (w) => w.republish({ tokens: w.tokens.with(20, 'no leaf') }),
    () => ({ check: 'leaf', index: 20 }),
  ],
  // With the note key and the service's own.
  [
    'a leaf that was taken out, and those behind it signed anew',
    (w) => w.republish({ tokens: w.renumbered(w.first('decision', 20)) }),
    (w) => ({
      check: 'workflow',
      index: w.first('decision', 20),
      expected: expect.stringMatching(/^seq 0 of/u),
      found: 'seq 1',
    }),
  ],
  [
    'a workflow whose decision was signed anew',
    (w) => w.republish({ tokens: w.edit(w.first('decision', 20), { exp: 1 }) }),
    (w) => ({
      check: 'workflow',
      index: w.first('decision', 20) + 1,
      expected: expect.stringMatching(/^prev/u),
    }),
  ],
  [
    'a time that goes back',
    (w) => w.republish({ tokens: w.edit(w.tokens.length - 1, { iat: 1 }) }),
    (w) => ({ check: 'order', index: w.tokens.length - 1, found: '1' }),
  ],
  [
    'an id twice',
    (w) => w.republish({ tokens: w.edit(w.first('decision', 20), { jti: w.leaves[10]?.jti }) }),
    (w) => ({ check: 'order', index: w.first('decision', 20), found: w.leaves[10]?.jti }),
  ],
  [
    'the name of another kind of token',
    (w) =>
      w.republish({
        tokens: w.tokens.with(0, w.resigned(w.tokens[0] ?? '', {}, { typ: 'decision+jwt' })),
      }),
    () => ({ check: 'order', index: 0, expected: 'typ event+jwt' }),
  ],
  [
    'another algorithm',
    (w) =>
      w.republish({
        tokens: w.tokens.with(0, w.resigned(w.tokens[0] ?? '', {}, { alg: 'Ed25519' })),
      }),
    () => ({ check: 'key', index: 0, found: 'Ed25519' }),
  ],
  [
    'a header with more in it',
    (w) =>
      w.republish({ tokens: w.tokens.with(0, w.resigned(w.tokens[0] ?? '', {}, { jwk: {} })) }),
    () => ({ check: 'leaf', index: 0 }),
  ],
  [
    'a policy that nothing activated',
    (w) =>
      w.republish({
        tokens: w.edit(w.first('bundle_activation'), { event: { digest: 'sha256:00' } }),
      }),
    (w) => ({ check: 'reference', index: w.first('decision') }),
  ],
  [
    'a lift of no stop',
    (w) =>
      w.republish({ tokens: w.edit(w.first('kill_switch_lifted'), { event: { id: 'evt_x' } }) }),
    (w) => ({ check: 'reference', index: w.first('kill_switch_lifted'), found: 'evt_x' }),
  ],
  [
    'an outcome of another effect',
    (w) => w.republish({ tokens: w.outcome({ effect: 'deny' }) }),
    (w) => ({ check: 'reference', index: w.tokens.length - 1, found: 'deny' }),
  ],
  [
    'an outcome of no decision',
    (w) => w.republish({ tokens: w.outcome({ decision_id: 'dec_x' }) }),
    (w) => ({ check: 'reference', index: w.tokens.length - 1, found: 'dec_x' }),
  ],
  [
    'two outcomes of one decision',
    (w) => w.republish({ tokens: w.outcomeTwice() }),
    (w) => ({
      check: 'reference',
      index: w.tokens.length,
      expected: expect.stringContaining('none yet'),
    }),
  ],
  [
    'a vote on what nobody asked for',
    (w) => w.republish({ tokens: w.vote({ approval_id: 'apr_x' }) }),
    (w) => ({ check: 'consent', index: w.first('approval_vote'), found: 'apr_x' }),
  ],
  [
    'a vote on what was not shown',
    (w) => w.republish({ tokens: w.vote({ shown_digest: `sha256:${'0'.repeat(64)}` }) }),
    (w) => ({ check: 'consent', index: w.first('approval_vote') }),
  ],
  [
    'the vote of whoever asked',
    (w) => w.republish({ tokens: w.vote({ voter: w.asker() }) }),
    (w) => ({ check: 'consent', index: w.first('approval_vote'), found: w.asker() }),
  ],
  [
    'a permit by a refusal',
    (w) => w.republish({ tokens: w.vote({ verdict: 'deny' }) }),
    (w) => ({ check: 'consent', index: w.used(), found: 'denied' }),
  ],
  [
    'a permit by an approval of another action',
    (w) => w.republish({ tokens: w.rebound(`sha256:${'0'.repeat(64)}`) }),
    (w) => ({ check: 'consent', index: w.used() }),
  ],
  [
    'a permit by votes that nobody cast',
    (w) => w.republish({ tokens: w.edit(w.used(), { approval: { id: w.approval(), votes: [] } }) }),
    (w) => ({ check: 'consent', index: w.used(), expected: 'votes of 1 persons', found: '0' }),
  ],
  [
    'a disclosure of another value',
    (w) =>
      w.write(
        'disclosures/000.jsonl',
        `${JSON.stringify({ index: w.first('decision'), text: '{"salt":"","value":1}' })}\n`,
      ),
    (w) => ({ check: 'disclosure', index: w.first('decision') }),
  ],
]

export function allForgeries(): readonly Forgery[] {
  return forgeries
}
