import { describe, expect, it } from '@jest/globals'
import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'
import { checkpointText, parseCheckpoint } from '../../service/audit/checkpoint.ts'
import { cosignedText, readCosignature } from '../../service/audit/cosignature.ts'
import {
  hexOf,
  noteAlgorithm,
  noteKey,
  parseVerifierKey,
  printVerifierKey,
  type NoteKey,
} from '../../service/audit/note-key.ts'
import {
  parseNote,
  printNote,
  signersOf,
  type Note,
  type NoteVerifier,
} from '../../service/audit/signed-note.ts'

/** The worked example of golang.org/x/mod/sumdb/note (BSD-3-Clause), whose private key is public. */
const peter = {
  seed: 'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz',
  vkey: 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
  line: '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n',
}
const text =
  'If you think cryptography is the answer to your problem,\n' +
  "then you don't know what your problem is.\n"
const note = `${text}\n${peter.line}`
const enoch =
  '— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n'

const spki = Buffer.from('302a300506032b6570032100', 'hex')
const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex')

const verifies: NoteVerifier = ({ publicKey }, signed, signature) =>
  verify(
    null,
    Buffer.from(signed),
    createPublicKey({ key: Buffer.concat([spki, publicKey]), format: 'der', type: 'spki' }),
    signature,
  )
const known = parseVerifierKey(peter.vkey)!
const signers = (of: string, keys: readonly NoteKey[] = [known]): readonly string[] | null => {
  const parsed = parseNote(of)
  return parsed === null
    ? null
    : (signersOf(parsed, keys, verifies)?.map(({ name }) => name) ?? null)
}

describe('a signed note', () => {
  it('is signed as the example of x/mod is, byte for byte', () => {
    const seed = Buffer.from(peter.seed.slice(peter.seed.lastIndexOf('+A') + 1), 'base64').subarray(
      1,
    )
    const key = createPrivateKey({
      key: Buffer.concat([pkcs8, seed]),
      format: 'der',
      type: 'pkcs8',
    })
    const signature = sign(null, Buffer.from(text), key)
    expect(printNote({ text, signatures: [{ name: known.name, id: known.id, signature }] })).toBe(
      note,
    )
  })

  it('is verified by the key of the example, whoever else signed it', () => {
    expect(signers(note)).toEqual(['PeterNeumann'])
    expect(signers(note + enoch)).toEqual(['PeterNeumann'])
    expect(signers(note + peter.line)).toEqual(['PeterNeumann'])
  })

  it('says nothing by a key that is not known, or of the same name with another id', () => {
    expect(signers(note, [])).toEqual([])
    expect(signers(`${text}\n${enoch}`)).toEqual([])
    const other = noteKey('PeterNeumann', noteAlgorithm.ed25519, new Uint8Array(32))
    expect(signers(note, [other])).toEqual([])
  })

  it('is refused whole when the signature of a known key does not hold', () => {
    expect(signers(note.replace('cryptography', 'Cryptography'))).toBeNull()
    const parsed = parseNote(note)!
    const [line] = parsed.signatures
    const forged = { ...line!, signature: line!.signature.with(9, 0) }
    const both: Note = { text, signatures: [line!, forged] }
    expect(signersOf(both, [known], verifies)).toBeNull()
  })

  it('may hold empty lines: the last one ends the text', () => {
    const parsed = parseNote(`a\n\nb\n\n${peter.line}`)
    expect(parsed?.text).toBe('a\n\nb\n')
  })

  it('of 16 signatures is read', () => {
    expect(parseNote(`${text}\n${enoch.repeat(16)}`)?.signatures).toHaveLength(16)
  })

  it.each([
    ['no signature', `${text}\n`],
    ['no empty line', text + peter.line],
    ['no line feed at its end', note.slice(0, -1)],
    ['a hyphen for the dash', note.replace('—', '-')],
    ['a line that is no signature', `${note}and more\n`],
    ['an empty line at its end', `${note}\n`],
    ['two spaces', note.replace('PeterNeumann x', 'PeterNeumann  x')],
    ['a plus in the name', note.replace('PeterNeumann x', 'Peter+Neumann x')],
    ['base64 without padding', note.replace('AM=', 'AM')],
    ['a signature of no bytes', `${text}\n— PeterNeumann x08gow==\n`],
    ['a control character', note.replace('If', 'I\tf')],
    ['a carriage return', note.replaceAll('\n', '\r\n')],
    ['a lone surrogate', note.replace('If', 'I\ud800f')],
    ['101 signatures', `${text}\n${enoch.repeat(101)}`],
    ['nothing', ''],
  ])('with %s is none', (_, broken) => {
    expect(parseNote(broken)).toBeNull()
  })

  it('is not printed over a text that cannot be signed', () => {
    for (const bad of ['no line feed', 'a\tb\n', '\ud800\n']) {
      expect(() => printNote({ text: bad, signatures: [] })).toThrow(RangeError)
    }
  })
})

describe('a verifier key', () => {
  const vectors = [
    peter.vkey,
    'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k',
  ]

  it.each(vectors)('%s is read and printed', (vkey) => {
    expect(printVerifierKey(parseVerifierKey(vkey)!)).toBe(vkey)
  })

  it.each([
    ['another id', vectors[1]!.replace('530d903a', '530d903b')],
    ['another name', vectors[1]!.replace('foo', 'fob')],
    ['another key', vectors[1]!.replace('AekyeR', 'AekyeS')],
    ['a space in its name', vectors[1]!.replace('foo', 'f o')],
    ['no name', vectors[1]!.replace('example.com/foo', '')],
    ['an id in capitals', vectors[1]!.replace('530d903a', '530D903A')],
    ['a key that is too short', vectors[1]!.slice(0, -4)],
    ['two parts', 'example.com/foo+530d903a'],
  ])('with %s is none', (_, vkey) => {
    expect(parseVerifierKey(vkey)).toBeNull()
  })

  it('of a kind that we do not read is none', () => {
    expect(parseVerifierKey(printVerifierKey(noteKey('a', 2, new Uint8Array(32))))).toBeNull()
    const witness = noteKey('a', noteAlgorithm.cosignature, new Uint8Array(32))
    expect(parseVerifierKey(printVerifierKey(witness))).toEqual(witness)
  })

  it('has an id of its own for each name and kind', () => {
    const key = new Uint8Array(32)
    const ids = [noteKey('a', 1, key), noteKey('b', 1, key), noteKey('a', 4, key)]
    expect(new Set(ids.map(({ id }) => hexOf(id))).size).toBe(3)
    expect(() => noteKey('a b', 1, key)).toThrow(RangeError)
  })
})

describe('a checkpoint', () => {
  const root = Buffer.alloc(32, 5)
  const good = checkpointText({ origin: 'pdp.example/acme', size: 1234, root })

  it('is three lines', () => {
    expect(good).toBe(`pdp.example/acme\n1234\n${root.toString('base64')}\n`)
    const { root: read, ...rest } = parseCheckpoint(good)!
    expect(rest).toEqual({ origin: 'pdp.example/acme', size: 1234 })
    expect(Buffer.from(read)).toEqual(root)
  })

  it('may have further lines, which say nothing to us', () => {
    expect(parseCheckpoint(`${good}more\n`)?.size).toBe(1234)
  })

  it.each([
    ['a leading zero', good.replace('1234', '01234')],
    ['a sign', good.replace('1234', '+1234')],
    ['a negative size', good.replace('1234', '-1')],
    ['a size past 2^53', good.replace('1234', '9007199254740993')],
    ['no origin', good.replace('pdp.example/acme', '')],
    ['a short root', good.replace(root.toString('base64'), 'BQUF')],
    ['no padding', good.replace('=', '')],
    ['an empty line', `${good}\n`],
    ['no line feed', good.slice(0, -1)],
    ['two lines', 'pdp.example/acme\n1\n'],
  ])('with %s is none', (_, broken) => {
    expect(parseCheckpoint(broken)).toBeNull()
  })
})

describe('a cosignature', () => {
  it('signs the time and the checkpoint', () => {
    expect(cosignedText('a\n1\nb\n', 1_700_000_000)).toBe(
      'cosignature/v1\ntime 1700000000\na\n1\nb\n',
    )
  })

  it('is a time and 64 bytes', () => {
    const blob = Buffer.alloc(80)
    blob.writeBigUInt64BE(1_700_000_000n, 4)
    blob.fill(7, 12)
    const read = readCosignature(new Uint8Array(blob.buffer, blob.byteOffset + 4, 72))
    expect(read?.time).toBe(1_700_000_000)
    expect(read?.signature).toHaveLength(64)
    for (const length of [0, 64, 71, 73]) expect(readCosignature(Buffer.alloc(length))).toBeNull()
    expect(readCosignature(Buffer.alloc(72, 0xff))).toBeNull()
  })
})
