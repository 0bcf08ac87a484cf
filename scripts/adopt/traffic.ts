// `countersign adopt traffic`: recorded questions as purposes, and as what grants would have to say.

import { join } from 'node:path'
import type { Call, Command, Outcome } from '../command/command.ts'
import { serviceOptions, serviceUsage } from '../command/running-service.ts'
import { onlyPositional } from '../policy/arguments.ts'
import { projectOptions, projectUsage } from '../policy/project.ts'
import {
  accountableOf,
  accountableOptions,
  accountableUsage,
  fileNameOf,
  readRepository,
  type Repository,
} from './options.ts'
import { propose } from './propose.ts'
import type { ProposedFile } from './proposal.ts'
import { grantOf, purposeOf, questionsOn } from './purpose-proposal.ts'
import { seenIn, type SeenPurpose } from './seen-traffic.ts'
import { readTraffic } from './traffic-file.ts'
import { trafficPage } from './traffic-page.ts'

export const traffic: Command = {
  name: 'traffic',
  summary: 'purposes and grants that would cover what recorded questions asked',
  usage: `<file> --owner <name> [options]

  <file>                 a line each: a policy input (JSON), as policy diff takes it; or the id of a decision or an
                         answer that has it (JSON), whose input the running service gives
${accountableUsage}
${projectUsage}

At a running service, with the scope pdp.audit.read:
${serviceUsage}

Writes registry/purposes/<code>.json under the data for each purpose that is not registered, grants/<code>.json (the
purpose, capabilities and data that an issuer would put into a grant; it names no person), and adopted/traffic.md.
What was not proven, not derived by the registry or is not registered is left out and counted.
Exit code 0: written. 1: with the proposal, policy check would find errors. 2: an argument or a file cannot be used.`,
  options: { ...projectOptions, ...accountableOptions, ...serviceOptions },
  run: adopt,
}

async function adopt(call: Call): Promise<Outcome> {
  const from = onlyPositional(call, 'a file of recorded traffic')
  const { inputs, erased } = await readTraffic(call, from)
  const repository = readRepository(call)
  const accountable = accountableOf(call)
  const { purposes, left: uncounted } = seenIn(inputs)
  const left = [
    ...(erased === 0
      ? []
      : [`${String(erased)} questions were erased: nothing is proposed for them`]),
    ...uncounted,
    ...purposes.flatMap((seen) => questionsOn(seen, repository.registry)),
  ]
  const page: ProposedFile = {
    path: join(repository.project.folder, 'adopted/traffic.md'),
    content: trafficPage(from, purposes, left),
    how: 'page',
  }
  const files = purposes.flatMap((seen) => filesOf(seen, repository, accountable))
  return propose(repository, [...files, page], {
    summary: `${String(inputs.length)} questions, ${String(purposes.length)} purposes`,
    left,
    json: { questions: inputs.length, erased, purposes },
  })
}

function filesOf(
  seen: SeenPurpose,
  { project, data, registry }: Repository,
  accountable: ReturnType<typeof accountableOf>,
): readonly ProposedFile[] {
  const name = fileNameOf(seen.code)
  const purposes = { [seen.code]: purposeOf(seen, accountable) }
  const grant = grantOf(seen)
  return [
    ...(Object.hasOwn(registry.purposes, seen.code)
      ? []
      : [
          {
            path: join(data, 'registry/purposes', name),
            content: { purposes },
            how: 'once' as const,
          },
        ]),
    ...(grant === null
      ? []
      : [{ path: join(project.folder, 'grants', name), content: grant, how: 'once' as const }]),
  ]
}
