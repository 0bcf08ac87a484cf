// What a code of the service means, and what to do: two sentences.

export type Text = readonly [meaning: string, remedy: string]
