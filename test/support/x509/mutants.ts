/** Every byte of what is signed of one leaf changed in some ways, and signed anew: only how it is read refuses it. */
import {
  bits,
  der,
  identifier,
  octets,
  sequence,
} from '../../adapter/policy-engine/builtin/x509/der-writer.ts'
import { extension, usages } from '../../adapter/policy-engine/builtin/x509/make-certificate.ts'
import { svidExtensions } from '../certificates.ts'
import { chainBelow, workload, type Ca } from './corpus-authority.ts'

export type Mutant = { readonly case: string; readonly chain: readonly Buffer[] }

type Part = { readonly name: string; readonly from: number; readonly to: number }

const parts = [
  'version',
  'serial number',
  'algorithm',
  'issuer',
  'validity',
  'subject',
  'key',
  'extensions',
] as const

/** The header of a DER element: where its content begins, and where it ends. */
function bounds(of: Buffer, at: number): { readonly content: number; readonly end: number } {
  const first = of[at + 1] ?? 0
  const octets = first < 0x80 ? 0 : first & 0x7f
  const length = octets === 0 ? first : of.readUIntBE(at + 2, octets)
  const content = at + 2 + octets
  return { content, end: content + length }
}

function partsOf(signed: Buffer): Part[] {
  let at = bounds(signed, 0).content
  const found: Part[] = [{ name: 'outermost length', from: 0, to: at }]
  for (const name of parts) {
    const { end } = bounds(signed, at)
    found.push({ name, from: at, to: end })
    at = end
  }
  return found
}

const place = der(0x86, Buffer.from('http://ca.example/1'))

/** One of every extension that is in use. */
const extensions: readonly Buffer[] = [
  ...svidExtensions(workload),
  extension('2.5.29.19', sequence(), true),
  usages('1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'),
  extension('2.5.29.14', octets(Buffer.alloc(20, 1))),
  extension('2.5.29.35', sequence(der(0x80, Buffer.alloc(20, 2)))),
  extension('2.5.29.31', sequence(sequence(der(0xa0, der(0xa0, place))))),
  extension('2.5.29.32', sequence(sequence(identifier('1.2.3.4')))),
  extension('1.3.6.1.5.5.7.1.1', sequence(sequence(identifier('1.3.6.1.5.5.7.48.2'), place))),
]

export function mutants(ca: Ca): readonly Mutant[] {
  const [leaf = ca.der] = chainBelow(ca, { extensions })
  const start = bounds(leaf, 0).content
  const signed = leaf.subarray(start, bounds(leaf, start).end)
  return partsOf(signed).flatMap(({ name, from, to }) =>
    Array.from({ length: to - from }, (_, i) => from + i).flatMap((at) =>
      [0x01, 0x20, 0x80].map((mask) => {
        const changed = Buffer.from(signed)
        changed[at] = (changed[at] ?? 0) ^ mask
        const signature = ca.hand.makeSignature(changed, ca.pair.privateKey)
        return {
          case: `a bit of its ${name}`,
          chain: [sequence(changed, ca.hand.algorithm, bits(signature))],
        }
      }),
    ),
  )
}
