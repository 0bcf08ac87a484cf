package countersign.rule.identity.server_pop_required_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.identity.server_pop_required as rule

_found(params) := {{
	"code": "identity.server_pop_required",
	"effect": "deny",
	"severity": "high",
	"waivable": false,
	"hold": null,
	"rule": "identity.server_pop_required",
	"params": params,
}}

_with(effects) := fixture.changed(fixture.tool, "registry/capability/effects", effects)

_asking(effects, facets) := fixture.changed(_with(effects), "registry/parameters/pop_facets", facets)

_unsaid(effects) := fixture.without(_with(effects), "registry/parameters/pop_facets")

test_permit_without_facets if {
	rule.findings == set() with input as _asking([], ["executes_code"])
}

test_permit_facet_not_chosen if {
	rule.findings == set() with input as _asking(["irreversible"], ["executes_code"])
}

test_permit_pop if {
	question := fixture.changed(_asking(["executes_code"], ["executes_code"]), "verified/server/grade", "pop")
	rule.findings == set() with input as question
}

test_permit_result if {
	question := fixture.changed(_asking(["executes_code"], ["executes_code"]), "question/phase", "result")
	rule.findings == set() with input as question
}

test_deny_bearer if {
	rule.findings == _found({"grade": "bearer", "facets": ["executes_code"]})
		with input as _asking(["reads_private", "executes_code"], ["executes_code"])
}

test_deny_by_default if {
	every facet in ["reads_secrets", "calls_external", "modifies_downstream", "irreversible", "executes_code"] {
		rule.findings == _found({"grade": "bearer", "facets": [facet]}) with input as _unsaid([facet])
	}
}

test_permit_by_default if {
	every facet in ["reads_private", "reads_untrusted", "borrows_model", "asks_person"] {
		rule.findings == set() with input as _unsaid([facet])
	}
}

test_deny_malformed_choice if {
	rule.findings == _found({"grade": "bearer", "facets": ["irreversible"]})
		with input as _asking(["irreversible"], {"irreversible": false})
}
