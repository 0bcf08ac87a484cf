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
# description: >-
#   The text leads to another place than it says, so that a prefix says nothing of it: dots, escapes, back
#   slashes, parameters or empty segments, which some program on the way resolves. What is strange to the eye
#   costs a pattern to find; see `leads_elsewhere`.
climbs(text) if {
	contains(text, "/.")
	_has_dots(text)
} else if {
	startswith(text, ".")
	_has_dots(text)
} else if {
	contains(text, `\`)
} else if {
	contains(text, ";")
} else if {
	contains(text, "%")
	regex.match(_escapes, lower(text))
} else if {
	contains(_after_scheme(text), "//")
}

# METADATA
# description: The text climbs, or holds white space or control or format characters that parsers drop.
leads_elsewhere(text) if {
	climbs(text)
} else if {
	regex.match(_strange, text)
}

_has_dots(text) if {
	some segment in split(text, "/")
	split(split(segment, "?")[0], "#")[0] in [".", ".."]
}

_after_scheme(text) := parts[1] if {
	parts := split(text, "://")
	count(parts) == 2
} else := text

# Escapes of what separates, ends or climbs, of an escape, of letters and digits (RFC 3986 section 2.3), and
# what is no escape at all.
_escapes := concat("|", [
	`%(?:[01][0-9a-f]|7f|2[5ef]|5c|3b|[46][1-9a-f]|[57][0-9a]|3[0-9]|2d|5f|7e)`,
	`%(?:$|[^0-9a-f]|[0-9a-f]$|[0-9a-f][^0-9a-f])`,
])

_strange := concat("|", [
	`^ | $`,
	`[\x00-\x1f\x7f-\xa0\x{ad}\x{1680}\x{2000}-\x{200f}\x{2028}-\x{202f}\x{205f}-\x{206f}\x{3000}\x{feff}]`,
])
