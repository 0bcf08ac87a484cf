/**
 * Who looks at a page: a person with a session that stands, in the tenant that she signed in to. What she may do is what the
 * registry and the tenant's configuration say now, at each request.
 */
import type { IncomingMessage } from 'node:http'
import { peopleOf } from '../../approval/people.ts'
import { PdpError } from '../../contract/error-code.ts'
import type { Scope } from '../../contract/scope.ts'
import { emptyRegistry } from '../../decision/registry-index.ts'
import { voterOf } from '../../flow/cast-vote.ts'
import type { ProvedVoter } from '../../flow/prove-voter.ts'
import type { Tenant } from '../../flow/tenant.ts'
import { sameText } from '../../statement/digest.ts'
import { readBody } from '../exchange.ts'
import type { Service } from '../service.ts'
import type { Answer } from './answer.ts'
import { cookieOf } from './cookies.ts'
import type { Session } from './sessions.ts'

/** Anybody who asks. */
export type Guest = {
  readonly request: IncomingMessage
  readonly service: Service
  readonly parameters: Readonly<Record<string, string>>
  /** Of this request, at the origin that browsers use. */
  readonly url: URL
}

/** Somebody who is signed in. */
export type Visit = Guest & {
  readonly session: Session
  readonly tenant: Tenant & { readonly console: NonNullable<Tenant['console']> }
  /** Pseudonym of her account. */
  readonly account: string
  readonly scopes: ReadonlySet<Scope>
  readonly isMember: (group: string) => boolean
}

export type ConsoleRoute =
  | {
      readonly method: 'get' | 'post'
      readonly path: string
      readonly open: (guest: Guest) => Promise<Answer>
    }
  | {
      readonly method: 'get'
      readonly path: string
      readonly signedIn: (visit: Visit) => Promise<Answer>
    }
  | {
      readonly method: 'post'
      readonly path: string
      readonly posted: (visit: Visit, form: URLSearchParams) => Promise<Answer>
    }

/** Null for whoever is not signed in, is stopped, or was signed in before all sessions of hers were revoked. */
export function visitOf(guest: Guest): Visit | null {
  const { request, service } = guest
  const name = cookieOf(request, 'session')
  const session = name === null ? null : service.console.sessions.find(name)
  if (session === null) return null
  const tenant = service.tenants.get(session.tenant)
  const { iss, sub, groups } = session.person
  if (tenant === undefined || tenant.console === null) return null
  const { console } = tenant
  const proved = provedBy(session, console.clientId)
  const { subject: account } = voterOf(proved, tenant)
  const { stops } = tenant.audit
  if (stops.isPersonStopped(account) || stops.isRevoked(account, session.startedAt)) return null
  if (iss === '' || sub === '') return null
  const people = peopleOf(tenant.policy()?.registry ?? emptyRegistry, tenant.pseudonymKey)
  const isMember = (group: string): boolean =>
    people.isMember(group, account) || groups.includes(group)
  const scopes = new Set(
    console.roles.filter(({ group }) => isMember(group)).flatMap((role) => role.scopes),
  )
  return { ...guest, session, account, scopes, isMember, tenant: { ...tenant, console } }
}

/** As the corridor of votes takes her: a person whom the provider named, whose word this page carries. */
export function provedBy({ person }: Pick<Session, 'person'>, clientId: string): ProvedVoter {
  const { iss, sub, acr, groups, evidence } = person
  return {
    facts: { iss, sub, kind: 'person', client_id: clientId, groups: [...groups], acr },
    ...{ assurance: 'signed_in', digests: [evidence], replayKeys: [] },
    carrier: carrierName,
  }
}

/** Whom a vote names that came by this page, where another names its gateway. */
const carrierName = 'urn:countersign:console'

/**
 * The form of somebody who is signed in, by a page of ours: a browser says where a form comes from, and the form holds what
 * only our page knows.
 *
 * @throws PdpError `cross_site`, `media_type`, `body_too_large`.
 */
export async function postedForm(
  { request, service }: Guest,
  session: Session,
): Promise<URLSearchParams> {
  const origins = request.headersDistinct['origin'] ?? []
  const site = request.headersDistinct['sec-fetch-site'] ?? ['same-origin']
  const isOurs =
    origins.length === 1 &&
    origins[0] === service.console.origin() &&
    site.length === 1 &&
    site[0] === 'same-origin'
  if (!isOurs) throw notOurs()
  const form = await readForm(request)
  if (!sameText(form.get('csrf') ?? '', session.csrf)) throw notOurs()
  return form
}

/** @throws PdpError `media_type`, `body_too_large`, `malformed_json` for a body that ends early. */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const [type = '', ...more] = request.headersDistinct['content-type'] ?? []
  if (more.length > 0 || !/^application\/x-www-form-urlencoded(?:;|$)/iu.test(type))
    throw new PdpError('media_type', 'Send a form.')
  return new URLSearchParams(new TextDecoder().decode(await readBody(request)))
}

function notOurs(): PdpError {
  return new PdpError(
    'cross_site',
    'This did not come from a page of this console: open the page again, and send it from there.',
  )
}
