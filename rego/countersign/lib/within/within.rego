# METADATA
# title: Inside a bound
# description: >-
#   Whether something lies inside its bounds. Undefined for malformed values, which callers negate
#   through a helper rule, so that a malformed value is outside.
package countersign.lib.within

# METADATA
# description: Every item stands in the bounds; both must be arrays.
all_in(items, bounds) if {
	is_array(items)
	is_array(bounds)
	every item in items {
		item in bounds
	}
}

# METADATA
# description: Every item stands in both bounds; all three must be arrays.
both(items, bounds, others) if {
	is_array(items)
	is_array(bounds)
	is_array(others)
	every item in items {
		item in bounds
		item in others
	}
}

# METADATA
# description: The items that do not stand in the bounds, for the parameters of a finding.
outside(items, bounds) := [item |
	some item in items
	not _member(item, bounds)
]

_member(item, bounds) if {
	is_array(bounds)
	item in bounds
}

# METADATA
# description: A value matches one of the patterns; a pattern is the value, or a prefix that ends in `*`.
matches_any(patterns, value) if {
	is_array(patterns)
	is_string(value)
	some pattern in patterns
	_matches(pattern, value)
}

_matches(pattern, value) if pattern == value

_matches(pattern, value) if {
	endswith(pattern, "*")
	startswith(value, trim_suffix(pattern, "*"))
}

# METADATA
# description: >-
#   A resource lies under a prefix. The prefix ends where a name ends, so that `prod/api` does not cover
#   `prod/api-admin`, and a resource that climbs lies under nothing but itself.
under(resource, prefix) if {
	resource == prefix
} else if {
	startswith(resource, prefix)
	count(prefix) > 0
	_ends_at_boundary(resource, prefix)
	not climbs(resource)
}

_ends_at_boundary(resource, prefix) if {
	endswith(prefix, "/")
} else if {
	endswith(prefix, ":")
} else if {
	_separates(substring(resource, count(prefix), 1))
}

_separates("/") := true

_separates(":") := true

_separates("?") := true

_separates("#") := true

# METADATA
# description: The text leads upwards, plainly or in disguise, so that a prefix says nothing about where it leads.
climbs(text) if {
	contains(text, ".")
	some segment in split(text, "/")
	segment in [".", ".."]
} else if {
	contains(text, `\`)
} else if {
	contains(text, "%")
	some encoded in ["%2e", "%2f", "%5c", "%25"]
	contains(lower(text), encoded)
}
