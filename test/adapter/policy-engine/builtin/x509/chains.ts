// Chains of certificates, right ones and wrong ones: the root first, the leaf last.

import { bits, sequence, time } from './der-writer.ts'
import {
  type Chain,
  leaf,
  lower,
  lowerLeaf,
  middle,
  root,
  rootLeaf,
  row,
  keys,
  lowerName,
} from './chain-parts.ts'
import { constrainedChains } from './constrained-chains.ts'
import { signedChains } from './signed-chains.ts'
import {
  alternativeNames,
  authority,
  extension,
  makeCertificate,
  usages,
} from './make-certificate.ts'

const early = time('2025-01-01T00:00:00Z')
const past = time('2026-02-01T00:00:00Z')
const moment = Date.UTC(2027, 0, 1) * 1_000_000

const shapes: readonly Chain[] = [
  row('a root and its leaf', true, [root(), rootLeaf()]),
  row('one between', true, [root(), middle(), leaf()]),
  row('two between, in whatever order', true, [root(), lower(), middle(), lowerLeaf()]),
  row('the root again', true, [root(), root()]),
  row('one alone', false, [root()]),
  row('one that is missing', false, [root(), leaf()]),
  row('a leaf that signed itself', false, [root(), makeCertificate({ pair: keys.leaf })]),
  row('a stranger of the same name', false, [root(), middle({ signer: keys.stranger }), leaf()]),
  row('a leaf of a stranger', false, [root(), middle(), leaf({ signer: keys.stranger })]),
  row('a root that is another', false, [root({ pair: keys.stranger }), middle(), leaf()]),
  row('authorities that sign one another', false, [
    root({ pair: keys.stranger }),
    middle({ issuer: lowerName, signer: keys.lower }),
    lower(),
    leaf(),
  ]),
  row('the right one of two of a name', true, [
    root(),
    middle({ pair: keys.stranger }),
    middle(),
    leaf(),
  ]),
]

const authorities: readonly Chain[] = [
  row('an authority that is none', false, [root(), middle({ extensions: [] }), leaf()]),
  row('a leaf in the place of an authority', false, [
    root(),
    middle({ extensions: [extension('2.5.29.19', sequence())] }),
    leaf(),
  ]),
  row('version 1 between', false, [root(), middle({ version: null, extensions: [] }), leaf()]),
  row('a root of version 1', true, [root({ version: null, extensions: [] }), rootLeaf()]),
  row('as many between as may be', true, [root({ extensions: [authority(1)] }), middle(), leaf()]),
  row('one more than may be', false, [root({ extensions: [authority(0)] }), middle(), leaf()]),
  row('two more', false, [root({ extensions: [authority(0)] }), middle(), lower(), lowerLeaf()]),
  row('keys that may not sign certificates', false, [
    root(),
    middle({ extensions: [authority(), extension('2.5.29.15', bits(Buffer.of(0x80), 7))] }),
    leaf(),
  ]),
  row('keys that may', true, [
    root(),
    middle({ extensions: [authority(), extension('2.5.29.15', bits(Buffer.of(4), 2))] }),
    leaf(),
  ]),
  row('a critical extension that nobody knows', false, [
    root(),
    rootLeaf({ extensions: [extension('1.2.3', Buffer.of(5, 0), true)] }),
  ]),
  row('one that is not critical', true, [
    root(),
    rootLeaf({ extensions: [extension('1.2.3', Buffer.of(5, 0))] }),
  ]),
]

const times: readonly Chain[] = [
  row('a leaf that is over', false, [root(), rootLeaf({ from: early, to: past })]),
  row('one between that is over', false, [root(), middle({ from: early, to: past }), leaf()]),
  row('a root that is over', false, [root({ from: early, to: past }), rootLeaf()]),
  row('a leaf of the future', false, [root(), rootLeaf({ from: time('2026-12-30T00:00:00Z') })]),
  row('the last moment', true, [root(), rootLeaf()], { CurrentTime: moment }),
  row('a time after it', false, [root(), rootLeaf()], { CurrentTime: moment + 1024 }),
  row('the first moment', true, [root(), rootLeaf()], {
    CurrentTime: Date.UTC(2026, 0, 1) * 1_000_000,
  }),
]

const client = usages('1.3.6.1.5.5.7.3.2')
const server = usages('1.3.6.1.5.5.7.3.1')
const purposes: readonly Chain[] = [
  row('a leaf for clients, when servers are asked for', false, [
    root(),
    rootLeaf({ extensions: [client] }),
  ]),
  row('a leaf for clients, when both will do', true, [root(), rootLeaf({ extensions: [client] })], {
    KeyUsages: ['KeyUsageClientAuth', 'KeyUsageServerAuth'],
  }),
  row('a leaf for clients, for whatever', true, [root(), rootLeaf({ extensions: [client] })], {
    KeyUsages: ['KeyUsageAny'],
  }),
  row('an authority for clients only', false, [
    root(),
    middle({ extensions: [authority(), client] }),
    leaf({ extensions: [server] }),
  ]),
  row('an authority for anything', true, [
    root(),
    middle({ extensions: [authority(), usages('2.5.29.37.0')] }),
    leaf({ extensions: [server] }),
  ]),
  row('a purpose that nobody knows', false, [root(), rootLeaf({ extensions: [usages('1.2.3')] })]),
]

const loopback = Buffer.of(127, 0, 0, 1)
const san = alternativeNames([2, 'a.example'], [2, '*.b.example'], [7, loopback])
const host = (DNSName: string, isValid: boolean): Chain =>
  row(`the host ${DNSName}`, isValid, [root(), rootLeaf({ extensions: [san] })], { DNSName })
const hosts: readonly Chain[] = [
  host('a.example', true),
  host('A.EXAMPLE.', true),
  host('"a.example"', true),
  host('b.a.example', false),
  host('x.b.example', true),
  host('x.y.b.example', false),
  host('b.example', false),
  host('.b.example', false),
  host('*.b.example', true),
  host('127.0.0.1', true),
  host('[127.0.0.1]', true),
  host('127.0.0.2', false),
  host('::ffff:127.0.0.1', true),
  host('leaf', false),
  host('a.example\u0000', false),
]

export const chains: readonly Chain[] = [
  ...shapes,
  ...authorities,
  ...times,
  ...purposes,
  ...hosts,
  ...constrainedChains,
  ...signedChains,
]
