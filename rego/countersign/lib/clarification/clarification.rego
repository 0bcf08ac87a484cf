# METADATA
# title: Clarification
# description: Whether the question is one of elicitation, and of which mode.
# schemas:
#   - input: schema["policy-input"]
package countersign.lib.clarification

# METADATA
# scope: document
# description: A server asks a person something, or the answer is about to go back.
default applies := false

applies if {
	input.question.kind == "elicitation"
	_is_round(input.question.phase)
}

_is_round("input_request") := true

_is_round("input_response") := true

# METADATA
# scope: document
# description: A server asks a person something.
default asked := false

asked if {
	input.question.kind == "elicitation"
	input.question.phase == "input_request"
}

# METADATA
# scope: document
# description: What the person answered is about to go back to the server.
default answered := false

answered if {
	input.question.kind == "elicitation"
	input.question.phase == "input_response"
}

# METADATA
# description: The person fills in a form; what is typed goes to the server through the client.
form if input.question.elicitation.mode == "form"

# METADATA
# description: The person is sent to a URL, and the client sees nothing of what is typed there.
url if input.question.elicitation.mode == "url"
