package countersign.lib.dial_test

import data.countersign.lib.dial
import data.countersign.lib.fixture_test as fixture

_dial(entries) := fixture.changed(fixture.tool, "registry/parameters/dial", entries)

_auto(place) := object.union({"facet": "irreversible", "set": "auto"}, place)

_hold(place) := object.union({"facet": "irreversible", "set": "hold"}, place)

_here := {"project": "playground", "environment": "development"}

test_without_entries_the_facets_say if {
	every question in [fixture.tool, _dial([]), _dial([_auto({"facet": "executes_code"})]), _dial("auto")] {
		dial.setting("irreversible") == "hold" with input as question
		dial.setting("modifies_downstream") == "auto" with input as question
	}
}

test_the_entry_that_says_most_counts if {
	dial.setting("irreversible") == "auto" with input as _dial([_auto({})])
	dial.setting("irreversible") == "auto" with input as _dial([_hold({}), _auto({"environment": "development"})])
	dial.setting("irreversible") == "hold" with input as _dial([_auto({"project": "playground"}), _hold(_here)])
	dial.setting("modifies_downstream") == "hold" with input as _dial([{"facet": "modifies_downstream", "set": "hold"}])
}

test_of_two_that_say_as_much_one_that_holds_counts if {
	places := [_hold({"project": "playground"}), _auto({"environment": "development"})]
	dial.setting("irreversible") == "hold" with input as _dial(places)
}

test_elsewhere_it_says_nothing if {
	elsewhere := [_auto({"environment": "production"}), _auto({"project": "other"})]
	dial.setting("irreversible") == "hold" with input as _dial(elsewhere)
}

test_what_is_not_auto_holds if {
	every set in ["any", null, 7] {
		dial.setting("modifies_downstream") == "hold" with input as _dial([{"facet": "modifies_downstream", "set": set}])
	}
	dial.setting("modifies_downstream") == "hold" with input as _dial([{"facet": "modifies_downstream"}])
}
