/** What the routes need of the running service, and the shape of a route. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { CallerFailure } from '../contract/caller-failure.ts'
import type { Scope } from '../contract/scope.ts'
import type { Tenants } from '../flow/tenant.ts'
import type { Console } from './console/console.ts'

export type Service = {
  readonly publicUrl: string
  readonly tenants: Tenants
  /** Who is signed in to the pages for people. */
  readonly console: Console
  /** OpenAPI 3.1 document. */
  readonly openapi: unknown
  /** Prometheus text exposition. */
  readonly metrics: () => Promise<{ readonly type: string; readonly text: string }>
  /** Counts what was answered and reports faults of ours; never one line per decision. */
  readonly observe: Observer
  /** What an operator should look at, of no tenant in particular. */
  readonly notices: () => readonly string[]
  /** False once a stop has begun. */
  readonly accepting: () => boolean
}

export type Observer = {
  readonly decided: (effect: string, source: string, phase: string, seconds: number) => void
  /** Answered otherwise than judged, by these entries of the registry. */
  readonly observed: (tenant: string, effect: string, entries: readonly string[]) => void
  readonly refused: (code: string) => void
  /** A caller was not authenticated; null when its credential names no tenant. */
  readonly callerRefused: (tenant: string | null, failure: CallerFailure) => void
  readonly failed: (message: string, error: unknown) => void
}

export type Handler = (
  request: IncomingMessage,
  response: ServerResponse,
  service: Service,
  parameters: Readonly<Record<string, string>>,
) => Promise<void>

/** One route: how it is mounted, and what OpenAPI says of it. Names of schemas stand in `openapi.ts`. */
export type Route = {
  readonly method: 'get' | 'post' | 'delete'
  /** Express 5 path; `:name` is a parameter. */
  readonly path: string
  readonly handler: Handler
  readonly operation: {
    readonly id: string
    readonly summary: string
    /** One of these is enough; null: open to all. */
    readonly scope: Scope | readonly Scope[] | null
    /** Parameters of the URL; none must be there. */
    readonly query?: readonly {
      readonly name: string
      readonly description: string
      readonly format?: string
    }[]
    readonly request?: string
    /** Of the answer; 200 when left out. */
    readonly status?: number
    /** The 200 answer: a schema's name, or a media type when it is no JSON. */
    readonly response: string
    /** Statuses of problems, beside those of every route. */
    readonly problems: readonly number[]
  }
}
