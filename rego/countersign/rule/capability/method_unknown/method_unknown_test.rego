package countersign.rule.capability.method_unknown_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.capability.method_unknown as rule

_found(params) := {{
	"code": "capability.method_unknown",
	"effect": "deny",
	"severity": "high",
	"waivable": false,
	"hold": null,
	"rule": "capability.method_unknown",
	"params": params,
}}

_asking(phase, method, kind) := object.union(
	fixture.tool,
	{"question": {"phase": phase, "method": method, "kind": kind}},
)

_unknown(phase, method, kind) := _found({"phase": phase, "method": method, "kind": kind})

test_permit_calls_and_results if {
	every method, kinds in {
		"tools/call": ["tool"], "tools/list": ["list"],
		"resources/read": ["resource"], "resources/list": ["list"], "resources/templates/list": ["list"],
		"resources/subscribe": ["resource", "stream"], "resources/unsubscribe": ["resource", "stream"],
		"prompts/get": ["prompt"], "prompts/list": ["list"],
		"completion/complete": ["completion"], "logging/setLevel": ["stream"],
		"server/discover": ["discover"], "initialize": ["discover"], "ping": ["discover", "stream"],
		"subscriptions/listen": ["stream", "resource"],
		"tasks/get": ["task", "tool"], "tasks/result": ["task", "tool"],
		"tasks/update": ["task"], "tasks/cancel": ["task"], "tasks/list": ["task"],
	} {
		every phase in ["request", "result"] {
			every kind in kinds {
				rule.findings == set() with input as _asking(phase, method, kind)
			}
		}
	}
}

test_permit_notifications_towards_the_server if {
	every method, kind in {
		"notifications/initialized": "discover",
		"notifications/cancelled": "stream",
		"notifications/progress": "task",
		"notifications/roots/list_changed": "stream",
	} {
		rule.findings == set() with input as _asking("request", method, kind)
	}
}

test_permit_notifications_from_the_server if {
	every method, kind in {
		"notifications/message": "stream",
		"notifications/progress": "task",
		"notifications/cancelled": "stream",
		"notifications/tools/list_changed": "list",
		"notifications/prompts/list_changed": "list",
		"notifications/resources/list_changed": "list",
		"notifications/resources/updated": "resource",
		"notifications/subscriptions/acknowledged": "stream",
		"notifications/elicitation/complete": "stream",
		"notifications/tasks/status": "task",
	} {
		rule.findings == set() with input as _asking("result", method, kind)
		rule.findings == _unknown("input_request", method, kind) with input as _asking("input_request", method, kind)
	}
}

test_deny_notification_the_wrong_way if {
	rule.findings == _unknown("result", "notifications/initialized", "discover")
		with input as _asking("result", "notifications/initialized", "discover")
	rule.findings == _unknown("request", "notifications/message", "stream")
		with input as _asking("request", "notifications/message", "stream")
}

test_permit_inputs_in_both_eras if {
	every phase, carriers in {
		"input_request": ["tools/call", "resources/read", "prompts/get", "tasks/get", "tasks/result"],
		"input_response": ["tools/call", "resources/read", "prompts/get", "tasks/update"],
	} {
		every method, kind in {
			"sampling/createMessage": "sampling",
			"elicitation/create": "elicitation",
			"roots/list": "roots",
		} {
			rule.findings == set() with input as _asking(phase, method, kind)
			every carrier in carriers {
				rule.findings == set() with input as _asking(phase, carrier, kind)
			}
		}
	}
}

test_deny_kind_or_phase_of_another if {
	every asked in [
		["request", "tools/call", "list"],
		["request", "sampling/createMessage", "sampling"],
		["result", "elicitation/create", "elicitation"],
		["input_request", "tools/call", "tool"],
		["input_response", "sampling/createMessage", "elicitation"],
		["input_response", "tasks/get", "sampling"],
		["input_request", "tasks/update", "sampling"],
		["input_request", "tools/list", "sampling"],
		["later", "tools/call", "tool"],
	] {
		rule.findings == _unknown(asked[0], asked[1], asked[2]) with input as _asking(asked[0], asked[1], asked[2])
	}
}

test_deny_unknown if {
	every method in ["tools/Call", "tools/call ", "x/shell", "", "resources/directory/read"] {
		rule.findings == _unknown("request", method, "tool") with input as _asking("request", method, "tool")
	}
}

test_deny_missing if {
	rule.findings == _found({"phase": "request", "method": "", "kind": "tool"})
		with input as fixture.without(fixture.tool, "question/method")
	rule.findings == _found({"phase": "request", "method": "tools/call", "kind": null})
		with input as fixture.without(fixture.tool, "question/kind")
	rule.findings == _found({"phase": null, "method": "tools/call", "kind": "tool"})
		with input as fixture.without(fixture.tool, "question/phase")
}

test_deny_malformed if {
	every method in [null, 5, ["tools/call"]] {
		rule.findings == _found({"phase": "request", "method": "", "kind": "tool"})
			with input as fixture.changed(fixture.tool, "question/method", method)
	}
}
