// What, rightly signed, is wrong with the leaf of an X.509-SVID, or with the certificate of a TLS server.

import { bits } from '../../test/adapter/policy-engine/builtin/x509/der-writer.ts'
import {
  alternativeNames,
  authority,
  extension,
  usages,
  type Wanted,
} from '../../test/adapter/policy-engine/builtin/x509/make-certificate.ts'
import { domain, keyUsage, svidExtensions, uri } from '../../test/support/certificates.ts'

const server = '1.3.6.1.5.5.7.3.1'
const client = '1.3.6.1.5.5.7.3.2'

const called = (...names: readonly (readonly [number, string])[]): Wanted => ({
  extensions: [keyUsage.leaf, alternativeNames(...names)],
})

/** @param id of the workload that it should name */
export function wrongSvids(id: string): readonly Wanted[] {
  const has = (...more: readonly Buffer[]): Wanted => ({
    extensions: [...svidExtensions(id), ...more],
  })
  const used = (bytes: Buffer, unused: number, isCritical = true): Wanted => ({
    extensions: [
      extension('2.5.29.15', bits(bytes, unused), isCritical),
      alternativeNames(uri(id)),
    ],
  })
  const { host } = new URL(id)
  const ids = [
    ...[`${id}x`, `${id}/x`, `${id}/`, `${id}/..`, `${id}?x`, `${id}#x`, `${id}\0`, `${id} `],
    ...[id.toUpperCase(), id.replace('spiffe', 'SPIFFE'), id.replace(host, host.toUpperCase())],
    ...[id.replace(host, `${host}:443`), id.replace(host, `u@${host}`), id.replace(host, '')],
    ...[`spiffe://${host}`, `spiffe://${host}/`, id.replace('spiffe', 'https'), ''],
    ...[id.replace(host, 'evil.example'), id.replace(/.$/u, '%70'), id.replace('://', ':')],
  ]
  return [
    ...ids.map((one) => called(uri(one))),
    called(uri(id), uri(id)),
    called(uri(id), uri('https://evil.example')),
    called(domain('evil.example')),
    ...[{ extensions: [keyUsage.leaf] }, { extensions: [] }],
    { extensions: [alternativeNames(uri(id))] },
    has(authority()),
    has(keyUsage.leaf),
    has(usages(server)),
    has(usages(client)),
    has(usages('2.5.29.37.0')),
    has(extension('1.2.3', Buffer.of(5, 0), true)),
    has(extension('2.5.29.30', Buffer.of(0x30, 3, 1), true)),
    used(Buffer.of(0x80), 7, false),
    used(Buffer.of(0x20), 5),
    used(Buffer.of(0x84), 2),
    used(Buffer.of(0x82), 1),
    used(Buffer.of(0x81), 7),
  ]
}

/** @param name that the server is reached by */
export function wrongServers(name: string): readonly Wanted[] {
  const has = (...more: readonly Buffer[]): Wanted => ({
    extensions: [alternativeNames(domain(name)), ...more],
  })
  const parent = name.slice(name.indexOf('.') + 1)
  return [
    ...['evil.example', `x.${name}`, parent, `*.${name}`, `*.x.${name}`, `${name}.`, '*', ''].map(
      (one) => called(domain(one)),
    ),
    called(uri(`https://${name}`)),
    called([1, name]),
    { extensions: [] },
    has(usages(client)),
    has(extension('2.5.29.15', bits(Buffer.of(0x20), 5), true)),
    has(extension('1.2.3', Buffer.of(5, 0), true)),
    has(alternativeNames(domain(name))),
  ]
}
