/** The TLS listener from its configuration: the pair that it shows, kept as fresh as its files. */
import { once } from 'node:events'
import type { RequestListener } from 'node:http'
import type { Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Logger } from 'winston'
import { openCertificateFiles, type CertificateFiles } from './adapter/tls/certificate-files.ts'
import type { TlsListen } from './contract/config.ts'
import { PdpError } from './contract/error-code.ts'
import { createTlsServer, showIdentity } from './http/tls-server.ts'
import type { Clock } from './port/clock.ts'

export type OpenTls = {
  readonly server: Server
  readonly url: string
  /** When its certificate ends, in seconds since the epoch. */
  readonly expiresAt: () => number
  /** What an operator should look at. */
  readonly notices: () => readonly string[]
  readonly close: () => void
}

export type TlsPorts = {
  readonly clock: Clock
  readonly log: Logger
  /** A handshake failed. */
  readonly failed: () => void
}

/** @throws PdpError `config_invalid` for files that cannot be used. */
export async function openTls(
  configured: TlsListen,
  listener: RequestListener,
  { clock, log, failed }: TlsPorts,
): Promise<OpenTls> {
  const {
    certificate_file: certificate,
    key_file: key,
    minimum_version: minimum = '1.3',
  } = configured
  const files = await openCertificateFiles(
    { certificate, key },
    {
      clock,
      observe: (notice) =>
        log.log(
          notice.event === 'loaded' ? 'info' : 'warn',
          'certificate of the TLS listener',
          notice,
        ),
      changed: (pair) => {
        showIdentity(server, pair, minimum)
      },
    },
  ).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : 'it cannot be read'
    throw new PdpError('config_invalid', `/tls: ${reason}`, {
      cause,
      faults: [{ pointer: '/tls', reason }],
    })
  })
  const server = createTlsServer(files.current(), minimum, listener)
  server.maxHeadersCount = 100
  server.on('tlsClientError', failed)
  server.listen(configured.port, configured.host)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    server,
    url: `https://${configured.host}:${String(port)}`,
    expiresAt: () => files.current().notAfter,
    notices: () => noticesOf(files, clock),
    close: () => {
      files.close()
      server.close()
    },
  }
}

/** Whatever rotates the files does it well before the end; a sixth of the lifetime is late. */
function noticesOf(files: CertificateFiles, clock: Clock): readonly string[] {
  const { notBefore, notAfter } = files.current()
  const isLate = clock.now() / 1000 > notAfter - (notAfter - notBefore) / 6
  const failure = files.failure()
  return [
    ...(isLate
      ? [
          `the certificate of the TLS listener ends at ${new Date(notAfter * 1000).toISOString()}: renew its files`,
        ]
      : []),
    ...(failure === null ? [] : [`the files of the TLS listener cannot be used: ${failure}`]),
  ]
}
