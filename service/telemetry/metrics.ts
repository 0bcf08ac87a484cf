/** Prometheus metrics of the service: counts and times, never names of persons or tokens. */
import type { PolicyState } from '../contract/policy-state.ts'
import type { LogState } from '../contract/log-state.ts'
import type { ShadowReport } from '../contract/shadow-report.ts'
import type { SigningKeyList } from '../contract/signing-key.ts'
import type { TrustState } from '../contract/trust-state.ts'
import type { PolicyNotice } from '../flow/policy-life.ts'
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import { gaugeApprovals, type WaitingApprovals } from './approval-gauges.ts'
import { gaugeTrust } from './trust-gauges.ts'
import { gaugeDeliveries, type Deliveries } from './delivery-gauges.ts'
import { gaugeKeys } from './key-gauges.ts'
import { gaugeLogs } from './log-gauges.ts'
import { gaugeStatusLists } from './status-list-gauges.ts'
import { gaugeShadows } from './shadow-gauges.ts'
import { observeTls } from './tls-gauges.ts'

export type Metrics = {
  readonly decided: (effect: string, source: string, phase: string, seconds: number) => void
  /** A decision was answered with a permit that policy did not give. */
  readonly observed: (tenant: string, effect: string, entries: readonly string[]) => void
  readonly refused: (code: string) => void
  /** A handshake of the TLS listener failed. */
  readonly handshakeFailed: () => void
  readonly callerRefused: (tenant: string, reason: string) => void
  readonly policyChanged: (tenant: string, event: PolicyNotice['event']) => void
  readonly read: () => Promise<{ readonly type: string; readonly text: string }>
}

/** What is asked when metrics are read, so that nothing is counted twice. */
export type Gauges = {
  readonly logs: () => readonly LogState[]
  readonly policies: () => readonly PolicyState[]
  readonly trust: () => readonly TrustState[]
  readonly keys: () => readonly SigningKeyList[]
  readonly shadows: () => readonly ShadowReport[]
  readonly deliveries: () => readonly Deliveries[]
  readonly approvals: () => readonly WaitingApprovals[]
  /** When the certificate of the TLS listener ends, in seconds since the epoch; null without one. */
  readonly tlsExpiry: () => number | null
}

export function createMetrics(gauges: Gauges): Metrics {
  const registry = new Registry()
  const decisions = new Counter({
    name: 'countersign_decisions_total',
    help: 'Decisions that are durable and were answered, by the effect that was judged',
    labelNames: ['effect', 'source', 'phase'],
    registers: [registry],
  })
  const observed = new Counter({
    name: 'countersign_observed_decisions_total',
    help: 'Denials and holds that were answered with permit, by entry of the registry that observes them',
    labelNames: ['tenant', 'effect', 'entry'],
    registers: [registry],
  })
  const refusals = new Counter({
    name: 'countersign_refusals_total',
    help: 'Requests that got no decision, by problem code',
    labelNames: ['code'],
    registers: [registry],
  })
  const callers = new Counter({
    name: 'countersign_callers_refused_total',
    help: 'Requests whose caller was not authenticated, by the tenant of the credential (empty: none) and reason',
    labelNames: ['tenant', 'reason'],
    registers: [registry],
  })
  const durations = new Histogram({
    name: 'countersign_decision_seconds',
    help: 'From the parsed query to the durable decision',
    buckets: [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1],
    registers: [registry],
  })
  gaugeLogs(registry, gauges.logs)
  gaugeKeys(registry, gauges.keys)
  const changes = new Counter({
    name: 'countersign_policy_changes_total',
    help: 'Sets of bundles that were activated, refused, or failed to activate',
    labelNames: ['tenant', 'event'],
    registers: [registry],
  })
  gaugePolicies(registry, gauges.policies)
  gaugeShadows(registry, gauges.shadows)
  gaugeDeliveries(registry, gauges.deliveries)
  gaugeApprovals(registry, gauges.approvals)
  gaugeTrust(registry, gauges.trust)
  gaugeStatusLists(registry, gauges.trust)
  const handshakeFailed = observeTls(registry, gauges.tlsExpiry)
  return {
    handshakeFailed,
    policyChanged: (tenant, event) => {
      changes.inc({ tenant, event })
    },
    decided: (effect, source, phase, seconds) => {
      decisions.inc({ effect, source, phase })
      durations.observe(seconds)
    },
    observed: (tenant, effect, entries) => {
      for (const entry of entries) observed.inc({ tenant, effect, entry })
    },
    refused: (code) => {
      refusals.inc({ code })
    },
    callerRefused: (tenant, reason) => {
      callers.inc({ tenant, reason })
    },
    read: async () => ({ type: registry.contentType, text: await both(registry) }),
  }
}

/** How fresh each tenant's policy is: what an alarm is set on. */
/** Of the process, not of one service in it: its observer of collections would keep a stopped service in memory. */
const processMetrics = new Registry()
collectDefaultMetrics({ register: processMetrics })

async function both(registry: Registry): Promise<string> {
  return `${await registry.metrics()}\n${await processMetrics.metrics()}`
}

function gaugePolicies(registry: Registry, policies: Gauges['policies']): void {
  new Gauge({
    name: 'countersign_policy_stale',
    help: '1 when decisions deny because the sources of the policy have been silent for too long',
    labelNames: ['tenant'],
    registers: [registry],
    collect(): void {
      for (const { tenant, stale } of policies()) this.set({ tenant }, stale ? 1 : 0)
    },
  })
  new Gauge({
    name: 'countersign_observe_entries',
    help: 'Entries of the registry in force that have denials answered with permit; 0 is off',
    labelNames: ['tenant'],
    registers: [registry],
    collect(): void {
      for (const { tenant, observing } of policies()) this.set({ tenant }, observing.length)
    },
  })
  new Gauge({
    name: 'countersign_bundle_source_failures',
    help: 'Failures of a bundle source since it last answered',
    labelNames: ['tenant', 'source'],
    registers: [registry],
    collect(): void {
      for (const { tenant, sources } of policies())
        for (const { location, failures } of sources)
          this.set({ tenant, source: location }, failures)
    },
  })
  new Gauge({
    name: 'countersign_bundle_source_confirmed_seconds',
    help: 'When a bundle source last answered, in seconds since the epoch',
    labelNames: ['tenant', 'source'],
    registers: [registry],
    collect(): void {
      for (const { tenant, sources } of policies())
        for (const { location, confirmed_at: at } of sources)
          if (at !== null) this.set({ tenant, source: location }, Date.parse(at) / 1000)
    },
  })
}
