// A certificate with every extension that is read, and a request with some.

import { bits, der, identifier, integer, octets, sequence } from './der-writer.ts'
import {
  alternativeNames,
  authority,
  extension,
  makeCertificate,
  makeRequest,
  named,
  nameConstraints,
  usages,
} from './make-certificate.ts'

const names = alternativeNames(
  [1, 'a@b.c'],
  [2, 'x.example'],
  [6, 'https://u@h.example/p?q#f'],
  [7, Buffer.of(1, 2, 3, 4)],
)
const url = (text: string): Buffer => der(0x86, Buffer.from(text))
const anyPolicy = '2.5.29.32.0'

const pointers: readonly Buffer[] = [
  extension('2.5.29.14', octets(Buffer.of(1, 2, 3))),
  extension('2.5.29.35', sequence(der(0x80, Buffer.of(9)))),
  extension('2.5.29.31', sequence(sequence(der(0xa0, der(0xa0, url('http://x/y')))))),
  extension(
    '1.3.6.1.5.5.7.1.1',
    sequence(sequence(identifier('1.3.6.1.5.5.7.48.1'), url('http://o'))),
  ),
]

const policies: readonly Buffer[] = [
  extension('2.5.29.32', sequence(sequence(identifier(anyPolicy)), sequence(identifier('1.2.3')))),
  extension('2.5.29.33', sequence(sequence(identifier('1.2.3'), identifier('1.2.4')))),
  extension('2.5.29.36', sequence(der(0x80, Buffer.of(0)), der(0x81, Buffer.of(2)))),
  extension('2.5.29.54', integer(4)),
]

export const richCertificate: Buffer = makeCertificate({
  subject: named('a', 'b'),
  extensions: [
    authority(3),
    names,
    nameConstraints(
      [
        [2, '.example'],
        [7, Buffer.from('0a000000ff000000', 'hex')],
        [1, 'b.c'],
        [6, 'example'],
      ],
      [[2, 'evil.example']],
    ),
    usages('1.3.6.1.5.5.7.3.1', '1.2.3.4'),
    extension('2.5.29.15', bits(Buffer.of(6), 1)),
    extension('1.2.3.4.5', Buffer.of(1, 2)),
    ...pointers,
    ...policies,
  ],
})

export const richRequest: Buffer = makeRequest(names, authority(1))
