/** What the console holds between two requests, of all tenants. */
import { randomBytes } from 'node:crypto'
import type { Clock } from '../../port/clock.ts'
import { digestOfText, sameText } from '../../statement/digest.ts'
import { BegunSignIns } from './begun-sign-ins.ts'
import { Sessions } from './sessions.ts'

/** In development a person signs in by a link that is printed at the start and opens once. */
export type DevelopmentPerson = {
  /** Audience of the tenant. */
  readonly tenant: string
  readonly iss: string
  readonly sub: string
  readonly name: string
  readonly groups: readonly string[]
}

export class Console {
  /** Scheme, host and port at which browsers reach it. */
  readonly origin: () => string
  readonly sessions: Sessions
  readonly begun: BegunSignIns
  readonly isDevelopment: boolean
  readonly #clock: Clock
  readonly #person: DevelopmentPerson | null
  #link: string | null

  constructor(origin: () => string, clock: Clock, person: DevelopmentPerson | null) {
    this.origin = origin
    this.#clock = clock
    this.#person = person
    this.isDevelopment = person !== null
    this.#link = person === null ? null : randomBytes(32).toString('base64url')
    const now = (): number => this.now()
    this.sessions = new Sessions(now)
    this.begun = new BegunSignIns(now)
  }

  /** Seconds since the epoch. */
  now(): number {
    return Math.floor(this.#clock.now() / 1000)
  }

  /** Where the person of development signs in; null when that was done, and in production. */
  developmentUrl(): string | null {
    return this.#link === null ? null : `${this.origin()}/console/link/${this.#link}`
  }

  /** The cookie of a new session, for whoever has the link; null for everybody else, and the second time. */
  followLink(link: string): string | null {
    if (this.#link === null || this.#person === null || !sameText(link, this.#link)) return null
    const { tenant, ...person } = this.#person
    this.#link = null
    return this.sessions.start(tenant, {
      ...{ ...person, acr: null, authTime: this.now(), sid: null },
      evidence: digestOfText(link),
    })
  }
}
