/** A bundle source that a test listens to. */
import { setTimeout as pause } from 'node:timers/promises'
import { createBundleSource } from '../../service/adapter/bundle-source/create-bundle-source.ts'
import { systemClock } from '../../service/adapter/clock/system-clock.ts'
import type { BundleSource as Config } from '../../service/contract/config.ts'
import type { Offer, SourceStatus } from '../../service/port/bundle-source.ts'

export type Listening = {
  readonly offers: readonly Offer[]
  readonly confirmed: () => number
  readonly status: () => SourceStatus
  readonly close: () => Promise<void>
}

export function listenTo(config: Config): Listening {
  const source = createBundleSource(config, { clock: systemClock })
  const offers: Offer[] = []
  let confirmed = 0
  source.start(
    (offer) => {
      offers.push(offer)
      return Promise.resolve()
    },
    () => (confirmed += 1),
  )
  return { offers, confirmed: () => confirmed, status: source.status, close: () => source.close() }
}

/** What a source brings is there some time later. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 4000; i += 1) {
    if (await holds()) return
    await pause(25)
  }
  throw new Error('it did not come to hold within 100 s')
}

export function textsOf(offer: Offer | undefined): readonly string[] {
  return (offer?.tarballs ?? []).map(({ bytes }) => Buffer.from(bytes).toString())
}
