// One code of the catalogue: a rule's, from its METADATA, or the service's own.

import type { Finding } from '../../../service/contract/policy-result.ts'
import { isObservable } from '../../../service/decision/observe.ts'
import type { Custom, Rule } from './rules.ts'

export interface Entry {
  readonly code: string
  readonly kind:
    'rule' | 'ground' | 'obligation' | 'evidence' | 'engine' | 'gap' | 'decision' | 'bundle'
  readonly title: string
  readonly description: string
  /** `permit`, `oblige`, `deny`, `hold`, or `refuse` for a bundle that is not taken. */
  readonly effect: string
  readonly severity: string | null
  readonly hold: string | null
  readonly waivable: boolean
  /** It may be observed before it is enforced. */
  readonly observable: boolean
  readonly rationale: string
  readonly remediation: string | null
  readonly mapping: Readonly<Record<string, readonly string[]>>
}

export function entryOf({ place: [tree], title = '', description = '', custom }: Rule): Entry {
  const {
    code = '',
    effect = '',
    severity,
    hold,
    waivable,
    rationale = '',
    remediation,
    mapping,
  } = custom
  return {
    ...{ code, kind: tree as Entry['kind'], title, description, effect, rationale },
    ...{ severity: severity ?? null, hold: hold ?? null, waivable: waivable ?? false },
    ...{ observable: tree === 'rule' && mayBeObserved(custom) },
    ...{ remediation: remediation ?? null, mapping: mapping ?? {} },
  }
}

/** As the service has it of the rule's findings. */
function mayBeObserved({ code = '', severity, observable = true }: Custom): boolean {
  const finding = { code, rule: code, severity, effect: 'deny', observable, params: {} }
  return isObservable(finding as Finding)
}
