// The file in which chosen fields of one decision are shown, as an auditor gets it.

import { Type, type Static } from 'typebox'
import { closed, Digest, Name } from '../../../service/contract/digest.ts'
import { compileChecker } from '../../../service/contract/validate.ts'
import { usage } from '../../command/command.ts'
import { readJson } from '../../command/read-file.ts'

const ShownFile = Type.Object(
  {
    v: Type.Union([Type.Literal(1), Type.Literal(2)]),
    origin: Type.String(),
    decision_id: Name,
    index: Type.Integer({ minimum: 0 }),
    /** Version 1: of all fields of the decision, those that are not shown too. */
    digests: Type.Optional(Type.Array(Digest)),
    /** Version 2: the same by class; of one that has ended its own digest alone. */
    classes: Type.Optional(
      Type.Array(
        Type.Union([
          Type.Object({ name: Name, digests: Type.Array(Digest) }, closed),
          Type.Object({ name: Name, digest: Digest }, closed),
        ]),
      ),
    ),
    fields: Type.Array(
      Type.Object({ pointer: Type.String(), salt: Type.String(), value: Type.Unknown() }, closed),
    ),
  },
  closed,
)
export type ShownFile = Static<typeof ShownFile>

const check = compileChecker(ShownFile)

/** @throws PdpError `usage`. */
export function readShown(path: string): ShownFile {
  const what = 'a file that "countersign log disclose" wrote'
  const checked = check(readJson(path, what))
  if (checked.ok) return checked.value
  const [fault] = checked.faults
  throw usage(
    `${path}${fault?.pointer ?? ''}: ${fault?.reason ?? 'it is something else'}; name ${what}.`,
  )
}
