/** Prometheus metrics of the TLS listener: when its certificate ends, and handshakes that failed. */
import { Counter, Gauge, type Registry } from 'prom-client'

/** @returns counts a handshake that failed */
export function observeTls(registry: Registry, expiry: () => number | null): () => void {
  new Gauge({
    name: 'countersign_tls_certificate_expires_seconds',
    help: 'When the certificate of the TLS listener ends, in seconds since the epoch',
    registers: [registry],
    collect(): void {
      const seconds = expiry()
      if (seconds !== null) this.set(seconds)
    },
  })
  const failures = new Counter({
    name: 'countersign_tls_handshake_failures_total',
    help: 'Handshakes of the TLS listener that failed',
    registers: [registry],
  })
  return () => {
    failures.inc()
  }
}
