// Why an X.509-SVID is accepted or refused: the decision path itself, told of each step that the chain passed.

import { findSvid, svidSteps, type SvidStep } from '../../service/flow/prove-svid.ts'
import { refuse, type Reading } from '../../service/identity/reading.ts'
import { digestOfText } from '../../service/statement/digest.ts'
import { chainIn } from './given-chain.ts'
import type { Explanation } from './explain-token.ts'
import type { Held } from './expectations.ts'
import type { Trust } from './given-trust.ts'

/** @param text PEM, or a list as in `x5c`. @throws PdpError `usage`. */
export async function explainSvid(
  text: string,
  { tenant, now }: Held,
  { keySets }: Trust,
): Promise<Explanation> {
  const chain = chainIn(text)
  const [leaf] = chain ?? []
  const passed: SvidStep[] = []
  const step = (one: SvidStep): void => {
    passed.push(one)
  }
  const found: Reading<unknown> =
    chain === null ? refuse('malformed') : await findSvid(chain, tenant.id, keySets, now, step)
  const shown = leaf === undefined ? null : keySets.certificate(leaf)
  return {
    ...{ kind: 'x509_svid', digest: digestOfText(leaf ?? text), accepted: found.ok, passed },
    failed: found.ok ? null : { step: svidSteps[passed.length] ?? 'path', failure: found.failure },
    ahead: found.ok ? [] : svidSteps.slice(passed.length + 1),
    unchecked: found.ok
      ? [
          'that its key was proved: by the handshake of the connection, or by a proof: explain that one, --with this chain',
          'that the registry names this workload for the server, or a gateway is registered as it',
        ]
      : [],
    ...(shown === null
      ? {}
      : {
          certificate: {
            names: shown.names.map((one) => one.text),
            from: shown.notBefore,
            to: shown.notAfter,
          },
        }),
  }
}
