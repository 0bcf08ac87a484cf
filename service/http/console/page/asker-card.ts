/** Who asks, through whom, proved how, and for what purpose. */
import type { ApprovalStatement } from '../../../contract/approval.ts'
import type { PolicyInput } from '../../../contract/policy-input.ts'
import {
  code,
  dd,
  div,
  dl,
  dt,
  h2,
  h3,
  li,
  ol,
  p,
  section,
  span,
  strong,
  type Child,
  type VNode,
} from './element.ts'
import { rowsOf } from './leaves-of.ts'
import { quoted, shown } from './shown-text.ts'
import { valueTable } from './value-table.ts'
import { gradeBadge } from './words.ts'

type Initiator = PolicyInput['verified']['initiator']
type Server = PolicyInput['verified']['server'] & { readonly id: string }

export function askerCard(statement: ApprovalStatement): VNode {
  const initiator = statement.initiator as Initiator
  const server = statement.server as Server
  return section(
    { class: 'card' },
    h2({}, 'Who asks'),
    ol(
      { class: 'chain' },
      party(initiator.kind === 'workload' ? 'Workload' : 'Person', initiator.sub, [
        gradeBadge(initiator.grade),
        line('by', initiator.iss),
        line('groups', initiator.groups.join(', ')),
      ]),
      initiator.client_id === null
        ? null
        : party('Agent', initiator.client_id, [
            line('role', 'the client that the token was issued to'),
          ]),
      initiator.delegation.map(({ iss, sub }) => party('Acts for it', sub, [line('by', iss)])),
      party('Server', server.id, [
        gradeBadge(server.grade),
        line('workload', server.spiffe_id ?? platformOf(server)),
        line('trust domain', server.trust_domain),
      ]),
    ),
    h3({}, 'For which purpose'),
    purposeOf(statement.purpose),
    p(
      { class: 'hint' },
      'Project ',
      code({}, shown(statement.tenant.project)),
      ', environment ',
      code({}, shown(statement.tenant.environment)),
    ),
  )
}

function party(role: string, name: string | null, about: Child): VNode {
  return li(
    {},
    span({ class: 'role' }, role),
    strong({}, name === null ? 'not known' : quoted(name)),
    div({ class: 'about' }, about),
  )
}

function line(name: string, value: string | null): Child {
  return value === null || value === '' ? null : span({}, `${name} `, quoted(value))
}

function platformOf({ platform, launch }: Server): string | null {
  if (platform !== null) return JSON.stringify(platform)
  return launch
}

/** The grant that was issued; without one nobody but the asker says what it is for. */
function purposeOf(purpose: ApprovalStatement['purpose']): Child {
  if (purpose === null) return p({ class: 'note fair' }, 'No purpose was granted.')
  const { code: name, ref, title, ...grant } = purpose as Readonly<Record<string, unknown>>
  return [
    dl(
      { class: 'facts' },
      dt({}, 'Purpose'),
      dd(
        {},
        strong({}, shown(textOf(title) ?? textOf(name) ?? 'unnamed')),
        ' ',
        code({}, shown(textOf(name) ?? '')),
      ),
      textOf(ref) === null ? null : [dt({}, 'Reference'), dd({}, quoted(textOf(ref) ?? ''))],
    ),
    valueTable('The grant', rowsOf(grant)),
  ]
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
