/** What policy said, by its stable codes, and what each rule is called. */
import type { ApprovalStatement } from '../../../contract/approval.ts'
import type { Reason } from '../../../contract/decision.ts'
import type { RuleMap } from '../../../contract/rule-map.ts'
import { code, h2, li, p, section, span, strong, ul, type VNode } from './element.ts'
import { rowsOf } from './leaves-of.ts'
import { shown } from './shown-text.ts'
import { valueOf } from './value-table.ts'

export function reasonsCard({ reasons }: ApprovalStatement, rules: RuleMap): VNode {
  return section(
    { class: 'card' },
    h2({}, 'What policy said'),
    ul(
      { class: 'findings' },
      (reasons as unknown as readonly Reason[]).map((reason) => reasonItem(reason, rules)),
    ),
  )
}

export function reasonItem(
  { code: name, params }: Pick<Reason, 'code' | 'params'>,
  rules: RuleMap,
): VNode {
  const rule = Object.hasOwn(rules, name) ? rules[name] : undefined
  return li(
    {},
    strong({}, rule?.title === undefined ? shown(name) : shown(rule.title)),
    ' ',
    code({}, shown(name)),
    p(
      { class: 'params' },
      rowsOf(params)
        .filter(({ place }) => place !== '')
        .map(({ place, value }) =>
          span({ class: 'argument' }, code({}, shown(place)), ' ', valueOf(value)),
        ),
    ),
    rule?.remediation === undefined ? null : p({ class: 'hint' }, shown(rule.remediation)),
  )
}
