# METADATA
# title: A rule that is attacked
# description: >-
#   It does what a word in the arguments says, as a rule might that its author never tried with such arguments.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: team.hostile
#   severity: medium
#   effect: deny
#   waivable: true
#   rationale: A rule that never ends, or takes all memory, must harm only the query that it judges.
#   remediation: Ask for something else.
package countersign.rule.team.hostile

import data.countersign.lib.finding

_chain := rego.metadata.chain()

_attack := trim_prefix(object.get(input, ["question", "arguments", "query"], ""), "attack:")

# The same five as in hostile.rego of the fixtures; what the input gives there is made here, since queries are bounded.
findings contains finding.new(_chain, {"found": count(found)}) if {
	_attack == "an endless comprehension"
	all := {n | some n in numbers.range(1, 10000)}
	found := [a | some a in all; some b in all; some c in all; a == b; b == c; c == 0]
}

findings contains finding.new(_chain, {"found": regex.match("(x*)*(y?){200}(a.{0,200}){4}b", _repeated("a", 860000))}) if {
	_attack == "a catastrophic regular expression"
}

findings contains finding.new(_chain, {"found": count(kept)}) if {
	_attack == "memory growth"
	kept := [[m | some m in numbers.range(1, 1000)] | some _ in numbers.range(1, 1000000)]
}

findings contains finding.new(_chain, {"found": count(paths)}) if {
	_attack == "deep recursion through walk"
	deep := json.unmarshal(concat("", [_repeated("[", 100000), _repeated("]", 100000)]))
	paths := [path | walk(deep, [path, value]); value == value]
}

findings contains finding.new(_chain, {"found": concat("", copies)}) if {
	_attack == "a 50 MB result"
	text := _repeated("x", 250000)
	copies := [text | some _ in numbers.range(1, 200)]
}

_repeated(text, times) := concat("", [text | some _ in numbers.range(1, times)])
