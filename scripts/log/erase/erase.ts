// `countersign log erase`: asks the running service to erase what was disclosed about a person. Only it may write to its log.

import type { ErasureReceipt } from '../../../service/contract/erasure.ts'
import { type Call, type Command, usage } from '../../command/command.ts'
import { askService, serviceOptions, serviceUsage } from '../../command/running-service.ts'

export const erase: Command = {
  name: 'erase',
  summary: 'erase what was disclosed about a person, at the running service',
  usage: `--subject <issuer> <subject> --reason <text> [options]

The service records the erasure as a leaf, by pseudonym, and then destroys the keys of everything that was disclosed under
this person's name: arguments, prompts, answers, names and votes. The log verifies as before; "replay" and "impact" count
what can no longer be decided again. Copies of disclosures/ and keys/ that were made before still open it: see the README.

  --subject <issuer> <subject>
                         the person, as her tokens name her (iss and sub)
  --reason <text>        why; it stands in the log for ever, so write a ticket and not a name
${serviceUsage}

The credential needs the scope pdp.audit.erase.`,
  options: { ...serviceOptions, subject: { type: 'string' }, reason: { type: 'string' } },
  run: async (call) => {
    const body = { subject: subjectOf(call), reason: reasonOf(call) }
    const receipt = (await askService(call, 'POST', '/v1/erasures', body)) as ErasureReceipt
    return { exit: 0, json: receipt, text: textOf(receipt) }
  },
}

function subjectOf({ values, positionals }: Call): { readonly iss: string; readonly sub: string } {
  const { subject: iss } = values
  const [sub] = positionals
  if (typeof iss === 'string' && iss !== '' && sub !== undefined && positionals.length === 1)
    return { iss, sub }
  throw usage('Name the person with --subject <issuer> <subject>, as her tokens do.')
}

function reasonOf({ values: { reason } }: Call): string {
  if (typeof reason === 'string' && reason !== '') return reason
  throw usage('Say why with --reason <text>: it stands in the log.')
}

function textOf({ subject, held, log }: ErasureReceipt): string {
  const entry = `entry ${String(log.index)} of ${log.origin}`
  return held
    ? `erased ${subject}: ${entry}`
    : `nothing was held about ${subject} (are issuer and subject written as in the tokens?); recorded as ${entry}`
}
