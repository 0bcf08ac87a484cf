# METADATA
# title: The dial
# description: Where the line runs between what goes on by itself and what waits for a person, as data.
# schemas:
#   - input: schema["policy-input"]
package countersign.lib.dial

# METADATA
# scope: document
# description: >-
#   What effects with that facet are set to, here: by the entry of the dial that says most of where, else by
#   `hold_facets`. Whatever is not exactly `auto` holds.
setting(facet) := "auto" if {
	entries := _entries(facet)
	entries != []
	most := max([entry.says | some entry in entries])
	every entry in entries {
		_yields(entry, most)
	}
} else := "hold" if {
	_entries(facet) != []
} else := "hold" if {
	facet in input.registry.parameters.hold_facets
} else := "auto"

_yields(entry, most) if entry.says < most

_yields(entry, _) if entry.set == "auto"

_entries(facet) := [{"set": object.get(entry, "set", null), "says": count(_said(entry))} |
	some entry in input.registry.parameters.dial
	object.get(entry, "facet", facet) == facet
	_is_here(entry)
]

_said(entry) := [place | some place in ["project", "environment"]; entry[place]]

_is_here(entry) if {
	object.get(entry, "project", input.tenant.project) == input.tenant.project
	object.get(entry, "environment", input.tenant.environment) == input.tenant.environment
}
