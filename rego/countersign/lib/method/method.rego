# METADATA
# title: The methods of MCP
# description: >-
#   A closed table of both eras (2024-11-05 to 2025-11-25, and 2026-07-28), from method to kinds of capability.
#   Clauses rather than an object, because WebAssembly would build the object for every question.
package countersign.lib.method

# METADATA
# scope: document
# description: The kinds of a call and of its result.
call("tools/call") := ["tool"]

call("tools/list") := ["list"]

call("resources/read") := ["resource"]

call("resources/list") := ["list"]

call("resources/templates/list") := ["list"]

call("resources/subscribe") := ["resource", "stream"]

call("resources/unsubscribe") := ["resource", "stream"]

call("prompts/get") := ["prompt"]

call("prompts/list") := ["list"]

call("completion/complete") := ["completion"]

call("server/discover") := ["discover"]

call("initialize") := ["discover"]

call("ping") := ["discover", "stream"]

call("logging/setLevel") := ["stream"]

call("subscriptions/listen") := ["stream", "resource"]

call("tasks/get") := ["task", "tool"]

call("tasks/result") := ["task", "tool"]

call("tasks/update") := ["task"]

call("tasks/cancel") := ["task"]

call("tasks/list") := ["task"]

# METADATA
# scope: document
# description: The kinds of a notification that a client sends.
told("notifications/initialized") := ["discover"]

told("notifications/cancelled") := ["stream", "task"]

told("notifications/progress") := ["stream", "task"]

told("notifications/roots/list_changed") := ["stream"]

# METADATA
# scope: document
# description: The kinds of a notification that a server sends.
heard("notifications/message") := ["stream"]

heard("notifications/progress") := ["stream", "task"]

heard("notifications/cancelled") := ["stream", "task"]

heard("notifications/tools/list_changed") := ["stream", "list"]

heard("notifications/prompts/list_changed") := ["stream", "list"]

heard("notifications/resources/list_changed") := ["stream", "list"]

heard("notifications/resources/updated") := ["stream", "resource"]

heard("notifications/subscriptions/acknowledged") := ["stream"]

heard("notifications/elicitation/complete") := ["stream"]

heard("notifications/tasks/status") := ["task"]

# METADATA
# scope: document
# description: The kind of what a server asks of a client.
input_kind("sampling/createMessage") := "sampling"

input_kind("elicitation/create") := "elicitation"

input_kind("roots/list") := "roots"

# METADATA
# scope: document
# description: >-
#   A call whose result asks for inputs, or whose retry answers them. `tools/call` carries them in any era:
#   a legacy server asks for URL elicitation in an error (-32042).
carries("input_request", "tools/call") := true

carries("input_request", "resources/read") := true

carries("input_request", "prompts/get") := true

carries("input_request", "tasks/get") := true

carries("input_request", "tasks/result") := true

carries("input_response", "tools/call") := true

carries("input_response", "resources/read") := true

carries("input_response", "prompts/get") := true

carries("input_response", "tasks/update") := true
