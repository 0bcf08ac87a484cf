/** How far a candidate got with live traffic: read when metrics are read. */
import { Gauge, type Registry } from 'prom-client'
import type { ShadowReport } from '../contract/shadow-report.ts'

export function gaugeShadows(registry: Registry, shadows: () => readonly ShadowReport[]): void {
  new Gauge({
    name: 'countersign_shadow_on',
    help: '1 when a candidate judges live traffic beside the policy; it decides nothing',
    labelNames: ['tenant'],
    registers: [registry],
    collect(): void {
      for (const { tenant, shadow } of shadows())
        this.set({ tenant }, (shadow?.candidate ?? null) === null ? 0 : 1)
    },
  })
  new Gauge({
    name: 'countersign_shadow_queries',
    help: 'Queries since the candidate or the policy changed: judged alike, otherwise, or not judged',
    labelNames: ['tenant', 'judged'],
    registers: [registry],
    collect(): void {
      for (const { tenant, shadow } of shadows()) {
        const { queries = 0, changed = 0, dropped = 0 } = shadow?.comparison ?? {}
        this.set({ tenant, judged: 'alike' }, queries - changed)
        this.set({ tenant, judged: 'otherwise' }, changed)
        this.set({ tenant, judged: 'not' }, dropped)
      }
    },
  })
}
