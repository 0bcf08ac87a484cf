/**
 * The certificate and key that the TLS listener shows, from two files that are read again and again, so that whatever
 * rotates them need not tell us. A pair that does not fit leaves the one before in place.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Clock } from '../../port/clock.ts'

export type TlsPair = {
  /** PEM of the certificate, and of those that lead to its root. */
  readonly cert: string
  readonly key: string
  /** Seconds since the epoch. */
  readonly notBefore: number
  readonly notAfter: number
}

export type TlsFiles = { readonly certificate: string; readonly key: string }

export type TlsFileNotice =
  | { readonly event: 'loaded'; readonly expiresAt: number }
  | { readonly event: 'load_failed'; readonly detail: string }

export interface CertificateFiles {
  current(): TlsPair
  /** Why the files cannot be used now; null when what is shown is what they hold. */
  failure(): string | null
  /** Reads now; the timer does the same. Never rejects. */
  refresh(): Promise<void>
  close(): void
}

export type CertificateFilesOptions = {
  readonly clock: Clock
  readonly observe: (notice: TlsFileNotice) => void
  /** Another pair is to be shown from now on. */
  readonly changed: (pair: TlsPair) => void
}

const pause = 30_000

/** @throws Error that says what is wrong with the files at the start. */
export async function openCertificateFiles(
  files: TlsFiles,
  { clock, observe, changed }: CertificateFilesOptions,
): Promise<CertificateFiles> {
  let pair = await readPair(files, clock)
  let failure: string | null = null
  const refresh = async (): Promise<void> => {
    try {
      const next = await readPair(files, clock)
      failure = null
      if (next.cert === pair.cert && next.key === pair.key) return
      pair = next
      changed(pair)
      observe({ event: 'loaded', expiresAt: pair.notAfter })
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error)
      if (detail !== failure) observe({ event: 'load_failed', detail })
      failure = detail
    }
  }
  const timer = setInterval(() => void refresh(), pause).unref()
  return {
    current: () => pair,
    failure: () => failure,
    refresh,
    close: () => {
      clearInterval(timer)
    },
  }
}

async function readPair({ certificate, key }: TlsFiles, clock: Clock): Promise<TlsPair> {
  const [cert, privateKey] = await Promise.all([
    readFile(certificate, 'utf8'),
    readFile(key, 'utf8'),
  ])
  const x509 = readCertificate(cert, certificate)
  if (!fits(x509, privateKey)) throw new Error(`${key} is not the key of ${certificate}`)
  const [notBefore, notAfter] = [secondsOf(x509.validFromDate), secondsOf(x509.validToDate)]
  if (notAfter < clock.now() / 1000) throw new Error(`${certificate} has expired`)
  return { cert, key: privateKey, notBefore, notAfter }
}

function readCertificate(pem: string, file: string): X509Certificate {
  try {
    return new X509Certificate(pem)
  } catch (cause) {
    throw new Error(`${file} holds no certificate in PEM`, { cause })
  }
}

/** Two files are not replaced at once: while only one is new, they do not fit. */
function fits(certificate: X509Certificate, pem: string): boolean {
  try {
    return certificate.checkPrivateKey(createPrivateKey(pem))
  } catch {
    return false
  }
}

function secondsOf(date: Date): number {
  return Math.floor(date.getTime() / 1000)
}
