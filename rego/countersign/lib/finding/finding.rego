# METADATA
# title: Findings
# description: >-
#   The identity of a finding comes from the METADATA of its rule, so that no code is typed twice. Every
#   member has a fallback that tightens: a rule with broken METADATA still denies. `observable` is there if METADATA
#   has it: most rules may be observed.
package countersign.lib.finding

# METADATA
# description: A finding of the rule whose metadata chain is given, with its parameters.
new(chain, params) := object.union(object.filter(_custom(chain), ["observable"]), {
	"code": object.get(_custom(chain), "code", "rule.unnamed"),
	"effect": object.get(_custom(chain), "effect", "deny"),
	"severity": object.get(_custom(chain), "severity", "critical"),
	"waivable": object.get(_custom(chain), "waivable", false),
	"hold": object.get(_custom(chain), "hold", null),
	"rule": _rule(chain),
	"params": params,
})

# METADATA
# description: Names from outside, cut so that they cannot fill an answer.
bounded(names) := [substring(name, 0, 128) |
	some i, name in names
	i < 16
	is_string(name)
]

# The package of a rule is the second entry of the chain; its path is `countersign.rule.<area>.<rule>`.
default _custom(_) := {}

_custom(chain) := chain[1].annotations.custom if is_object(chain[1].annotations.custom)

default _rule(_) := "unnamed"

_rule(chain) := concat(".", array.slice(chain[1].path, 2, 4))
