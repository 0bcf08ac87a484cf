package countersign.rule.clarification.wrong_side_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.clarification.wrong_side as rule

_found(params) := {{
	"code": "clarification.wrong_side",
	"effect": "deny",
	"severity": "high",
	"waivable": false,
	"hold": null,
	"rule": "clarification.wrong_side",
	"params": params,
}}

_answer(overrides) := object.union(fixture.form_response, {"question": {"elicitation": overrides}})

test_permit_right_side if {
	every question in [
		fixture.tool, fixture.tool_result, fixture.listing, fixture.sampling_request, fixture.sampling_response,
		fixture.form_request, fixture.form_response, fixture.url_request,
	] {
		rule.findings == set() with input as question
	}
}

test_permit_refusals_without_content if {
	every action in ["decline", "cancel"] {
		rule.findings == set() with input as _answer({"action": action, "answered": null})
		rule.findings == set() with input as _answer({"action": action, "answered": []})
	}
	rule.findings == set() with input as _answer({"mode": "url", "answered": null})
}

test_deny_input_in_a_call if {
	every kind in ["elicitation", "sampling", "roots"] {
		every phase in ["request", "result"] {
			rule.findings == _found({"reason": "phase"})
				with input as object.union(fixture.tool, {"question": {"kind": kind, "phase": phase}})
		}
	}
}

test_deny_call_in_a_round if {
	every phase in ["input_request", "input_response"] {
		rule.findings == _found({"reason": "phase"}) with input as fixture.changed(fixture.tool, "question/phase", phase)
	}
}

test_deny_content_beside_a_refusal if {
	every action in ["decline", "cancel"] {
		rule.findings == _found({"reason": "content"}) with input as _answer({"action": action})
	}
}

test_deny_content_for_a_url if {
	rule.findings == _found({"reason": "content"}) with input as _answer({"mode": "url"})
}

test_deny_unknown_action if {
	rule.findings == _found({"reason": "action"}) with input as _answer({"action": "yes", "answered": null})
}

test_deny_answer_inside_a_question if {
	rule.findings == _found({"reason": "answer"})
		with input as fixture.changed(fixture.form_request, "question/elicitation/answered", ["reason"])
	rule.findings == _found({"reason": "answer"})
		with input as fixture.changed(fixture.form_request, "question/elicitation/action", "accept")
}

test_deny_missing if {
	rule.findings == _found({"reason": "answer"})
		with input as fixture.without(fixture.form_request, "question/elicitation/action")
	rule.findings == _found({"reason": "action"}) | _found({"reason": "content"})
		with input as fixture.changed(fixture.form_response, "question/elicitation", null)
	rule.findings == _found({"reason": "phase"}) with input as fixture.without(fixture.form_request, "question/kind")
}

test_deny_malformed if {
	rule.findings == _found({"reason": "content"}) with input as _answer({"action": "decline", "answered": {}})
	rule.findings == _found({"reason": "action"}) with input as _answer({"action": ["accept"], "answered": null})
}
