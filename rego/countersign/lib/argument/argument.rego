# METADATA
# title: Bounds on arguments
# description: >-
#   Judges one argument against one bound that is written as data. A bound with a member that is malformed
#   or not known here is never kept, so that no misspelt bound lets an argument through.
package countersign.lib.argument

import data.countersign.lib.within

# METADATA
# scope: document
# description: The arguments keep the bound. Undefined when they do not, or when either is malformed.
kept(arguments, bound) if {
	_absent(arguments, bound.path)
	object.get(bound, "required", false) == false
}

kept(arguments, bound) if {
	value := _value(arguments, bound.path)
	every name, limit in bound {
		_keeps(name, limit, value)
	}
}

# METADATA
# description: The names of what is broken, for the parameters of a finding.
broken(arguments, bound) := ["required"] if {
	_absent(arguments, bound.path)
} else := [name |
	value := _value(arguments, bound.path)
	some name, limit in bound
	not _keeps(name, limit, value)
]

# Undefined when nothing stands at the path: then the two fallbacks differ.
_value(arguments, path) := value if {
	value := object.get(arguments, path, 0)
	value == object.get(arguments, path, 1) # regal ignore:superfluous-object-get
}

# Nothing stands at the path, nor anything but objects on the way to it: a list in the place of an object
# must not hide the argument from its bound.
_absent(arguments, path) if {
	is_object(arguments)
	is_array(path)
	count(path) > 0
	object.get(arguments, path, 0) != object.get(arguments, path, 1)
	every i, _ in path {
		is_object(object.get(arguments, array.slice(path, 0, i), {}))
	}
}

_keeps("path", limit, _) if {
	is_array(limit)
	count(limit) > 0
}

_keeps("required", limit, _) if is_boolean(limit)

_keeps("type", limit, value) if type_name(value) == limit

_keeps("one_of", limit, value) if {
	is_array(limit)
	value in limit
}

_keeps("minimum", limit, value) if {
	is_number(limit)
	is_number(value)
	value >= limit
}

_keeps("maximum", limit, value) if {
	is_number(limit)
	is_number(value)
	value <= limit
}

_keeps("max_length", limit, value) if {
	is_number(limit)
	count(_countable(value)) <= limit
}

_keeps("pattern", limit, value) if {
	is_string(value)
	regex.match(concat("", [`\A(?:`, limit, `)\z`]), value)
}

_keeps("prefix", limit, value) if {
	startswith(value, limit)
	not within.leads_elsewhere(value)
}

_countable(value) := value if is_string(value)

_countable(value) := value if is_array(value)
