/** Prometheus metrics of the service: counts and times, never names of persons or tokens. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

export type Metrics = {
  readonly decided: (effect: string, source: string, phase: string, seconds: number) => void
  readonly refused: (code: string) => void
  readonly read: () => Promise<{ readonly type: string; readonly text: string }>
}

/** What is asked when metrics are read, so that nothing is counted twice. */
export type Gauges = {
  readonly logEntries: () => readonly (readonly [tenant: string, entries: number])[]
}

export function createMetrics(gauges: Gauges): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const decisions = new Counter({
    name: 'countersign_decisions_total',
    help: 'Decisions that are durable and were answered',
    labelNames: ['effect', 'source', 'phase'],
    registers: [registry],
  })
  const refusals = new Counter({
    name: 'countersign_refusals_total',
    help: 'Requests that got no decision, by problem code',
    labelNames: ['code'],
    registers: [registry],
  })
  const durations = new Histogram({
    name: 'countersign_decision_seconds',
    help: 'From the parsed query to the durable decision',
    buckets: [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1],
    registers: [registry],
  })
  new Gauge({
    name: 'countersign_log_entries',
    help: 'Entries of the log that are durable',
    labelNames: ['tenant'],
    registers: [registry],
    collect(): void {
      for (const [tenant, entries] of gauges.logEntries()) this.set({ tenant }, entries)
    },
  })
  return {
    decided: (effect, source, phase, seconds) => {
      decisions.inc({ effect, source, phase })
      durations.observe(seconds)
    },
    refused: (code) => {
      refusals.inc({ code })
    },
    read: async () => ({ type: registry.contentType, text: await registry.metrics() }),
  }
}
