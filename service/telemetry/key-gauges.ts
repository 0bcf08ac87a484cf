/** When the key that signs the decisions of each tenant ends: what an alarm is set on. */
import { Gauge, type Registry } from 'prom-client'
import type { SigningKeyList } from '../contract/signing-key.ts'

export function gaugeKeys(registry: Registry, keys: () => readonly SigningKeyList[]): void {
  new Gauge({
    name: 'countersign_signing_key_days_left',
    help: 'Whole days until the key that signs decisions ends; -1 when none can sign',
    labelNames: ['tenant'],
    registers: [registry],
    collect(): void {
      for (const { tenant, days_left: days } of keys()) this.set({ tenant }, days ?? -1)
    },
  })
}
