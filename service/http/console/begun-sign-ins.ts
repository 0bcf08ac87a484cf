/** Sign-ins under way: what was sent to a provider, by the cookie of the browser that it was sent from. */
import { randomBytes } from 'node:crypto'
import { limits } from '../../contract/limits.ts'
import type { BegunSignIn } from '../../port/sign-in.ts'
import { digestOfText } from '../../statement/digest.ts'

export type Begun = BegunSignIn & {
  /** Audience of the tenant. */
  readonly tenant: string
  /** The path that the person was on her way to. */
  readonly to: string
}

export class BegunSignIns {
  readonly #all = new Map<string, Begun & { readonly until: number }>()
  readonly #now: () => number

  /** @param now seconds since the epoch */
  constructor(now: () => number) {
    this.#now = now
  }

  /** Gives the cookie's value. */
  begin(begun: Begun): string {
    const name = randomBytes(32).toString('base64url')
    const now = this.#now()
    for (const [old, { until }] of this.#all)
      if (until <= now || this.#all.size >= limits.consoleSessions) this.#all.delete(old)
    this.#all.set(digestOfText(name), { ...begun, until: now + limits.beginSignInSeconds })
    return name
  }

  /** Once; null when it was never begun here, or too long ago. */
  take(name: string): Begun | null {
    const key = digestOfText(name)
    const begun = this.#all.get(key)
    this.#all.delete(key)
    return begun !== undefined && begun.until > this.#now() ? begun : null
  }
}
