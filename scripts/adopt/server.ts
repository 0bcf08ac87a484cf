// `countersign adopt server`: a live MCP server as files for a pull request in a policy repository.

import { join } from 'node:path'
import type { RegisteredWorkload } from '../../service/contract/workload.ts'
import { type Call, type Command, type Outcome, usage } from '../command/command.ts'
import { optionalText, texts } from '../policy/arguments.ts'
import { projectOptions, projectUsage } from '../policy/project.ts'
import { endpointOf, endpointOptions, endpointUsage, nameOf, type Endpoint } from './endpoint.ts'
import { listServer, type Listing } from './listing.ts'
import {
  accountableOf,
  accountableOptions,
  accountableUsage,
  fileNameOf,
  readRepository,
  type Repository,
} from './options.ts'
import { pinWhile } from './seen-tls.ts'
import { propose } from './propose.ts'
import type { ProposedFile } from './proposal.ts'
import { reviewPage, unsaidOf, type Page } from './review-page.ts'
import { adoptServer, unreviewed, type Adopted, type Reviewed } from './server-entry.ts'
import { servedItems } from './served-items.ts'
import { plain } from './shown.ts'
import { effectsUsage, refuseUnknown, statedEffects } from './stated-effects.ts'

export const server: Command = {
  name: 'server',
  summary: 'what a live MCP server serves, pinned, with the effects to start a review from',
  usage: `<id> --at <url> --owner <name> [options]
       <id> --owner <name> [options] -- <program> [arguments]

${endpointUsage}
${accountableUsage}
  --spiffe-id <id>       its workload (default: one that nobody can prove)
  --launch <digest>      or the digest of what gateways start; may be given again
  --tls                  or the host name of the URL, and the key that its TLS shows to this run
  --resource <uri>       the audience of access tokens for it (default: the URL)
  --group <name>         who may use it; may be given again (default: adopted-<id>, which nobody is in)
  --classification <c>   of its data (default: ${unreviewed}, which no purpose covers)
  --direction <d>        of its data: egress (default), ingress or internal
${effectsUsage}
${projectUsage}

Writes registry/servers/<id>.json and definitions/<id>/ under the data, and adopted/<id>.md, which says why and what
is left to decide. What is registered already is never changed. All of it is written or nothing.
Exit code 0: written. 1: with the proposal, policy check would find errors. 2: the server, an argument or a file
cannot be used.`,
  options: {
    ...projectOptions,
    ...accountableOptions,
    ...endpointOptions,
    'spiffe-id': { type: 'string' },
    launch: { type: 'string', multiple: true },
    tls: { type: 'boolean' },
    resource: { type: 'string' },
    group: { type: 'string', multiple: true },
    classification: { type: 'string' },
    direction: { type: 'string' },
    effects: { type: 'string', multiple: true },
  },
  run: adopt,
}

async function adopt(call: Call): Promise<Outcome> {
  const { id, endpoint } = endpointOf(call)
  const repository = readRepository(call)
  const before = reviewedOf(call, id, endpoint)
  const { listing, reviewed } = await listed(call, endpoint, before)
  const served = servedItems(listing.listed)
  const adopted = adoptServer(served, reviewed, repository.registry)
  refuseUnknown(reviewed.effects, new Set(adopted.items.map(({ item }) => item.key)))
  const isNew = !Object.hasOwn(repository.registry.servers, id)
  const given = new Set(Object.keys(call.values))
  const page: Page = {
    ...{ reviewed, adopted, protocol: listing.protocol, from: nameOf(endpoint) },
    unsaid: isNew ? unsaidOf(given, endpoint.kind === 'stdio') : [],
    fileOf: ({ key }) => fileNameOf(key.replace(':', '.')),
  }
  return propose(repository, filesOf(repository, page), {
    summary: summaryOf(listing, adopted),
    left: [...page.unsaid, ...adopted.left],
    json: {
      ...{ server: id, protocol: plain(listing.protocol) },
      proposed: adopted.items.map(({ item, capability, proposed, isStated }) => ({
        capability: item.key,
        definition_digest: capability.definition_digest ?? null,
        effects: capability.effects,
        stated: isStated,
        reasons: proposed,
      })),
    },
  })
}

/** With `--tls`, what the connections of this listing showed is the workload. */
async function listed(
  { values }: Call,
  endpoint: Endpoint,
  reviewed: Reviewed,
): Promise<{ readonly listing: Listing; readonly reviewed: Reviewed }> {
  if (values['tls'] !== true) return { listing: await listServer(endpoint), reviewed }
  const { found, pin } = await pinWhile(endpoint, () => listServer(endpoint))
  const entry = { ...reviewed.entry, workload: { tls: pin } }
  return { listing: found, reviewed: { ...reviewed, entry } }
}

function summaryOf({ listed, protocol }: Listing, { items }: Adopted): string {
  const counts = Object.entries(listed).map(([member, all]) => `${String(all.length)} ${member}`)
  return `${counts.join(', ')}; revision ${plain(protocol)}; ${String(items.length)} are new`
}

/** Whatever nobody has said is what nobody can prove, is in, or is granted. */
function reviewedOf(call: Call, id: string, endpoint: Endpoint): Reviewed {
  const groups = texts(call, 'group')
  const resource = endpoint.kind === 'http' ? endpoint.url.href : `https://${id}.invalid/`
  return {
    id,
    entry: {
      workload: workloadOf(call, id),
      resource: optionalText(call, 'resource') ?? resource,
      ...accountableOf(call),
    },
    groups: groups.length > 0 ? groups : [`adopted-${id}`],
    classification: optionalText(call, 'classification') ?? unreviewed,
    direction: directionOf(call),
    effects: statedEffects(call),
  }
}

function directionOf(call: Call): Reviewed['direction'] {
  const given = optionalText(call, 'direction') ?? 'egress'
  if (given === 'egress' || given === 'ingress' || given === 'internal') return given
  throw usage(`--direction ${given}: write egress, ingress or internal.`)
}

function workloadOf(call: Call, id: string): RegisteredWorkload {
  const digests = texts(call, 'launch')
  const spiffeId = optionalText(call, 'spiffe-id')
  const given = [digests.length > 0, spiffeId !== undefined, call.values['tls'] === true]
  if (given.filter(Boolean).length > 1)
    throw usage('A server has one workload: --spiffe-id, --launch or --tls.')
  if (digests.length > 0) return { launch: { digests: [...digests] } }
  return { spiffe_id: spiffeId ?? `spiffe://unknown.invalid/mcp/${id}` }
}

function filesOf({ project, data }: Repository, page: Page): readonly ProposedFile[] {
  const { adopted, reviewed } = page
  const { id } = reviewed
  const definitions = adopted.items.map(({ item }): ProposedFile => ({
    path: join(data, 'definitions', id, page.fileOf(item)),
    content: item.definition,
    how: 'once',
  }))
  if (adopted.part === null) return []
  const servers: ProposedFile = {
    path: join(data, 'registry/servers', `${id}.json`),
    content: adopted.part,
    how: 'add',
  }
  const path = join(project.folder, 'adopted', `${id}.md`)
  return [servers, ...definitions, { path, content: reviewPage(page), how: 'page' }]
}
