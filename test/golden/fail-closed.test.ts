/**
 * What is missing or malformed never permits: every member of every permitted base question is taken away
 * and put to values of other types, one at a time, and the default policy must not permit what is left.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startJudging, type Judged } from '../support/policy-engine.ts'
import { baseQuestions } from './cases.ts'

let judged: Judged

beforeAll(async () => {
  judged = await startJudging()
})
afterAll(async () => {
  await judged.close()
})

const absent = Symbol('absent')
const others = [absent, null, true, 7, 'x', ['x'], { x: 'x' }]

/** Members that say nothing of any question: evidence, other ways to a group, what only a finding needs. */
const silent: readonly RegExp[] = [
  /^\/(v|decision_id|tenant|asserted)\b/u,
  /^\/question\/(protocol_version|name|uri|content)\b/u,
  /^\/question\/result\/(bytes|is_error|texts_hidden)$/u,
  /^\/verified\/pep\/(id|grade|owner)$/u,
  /^\/verified\/(initiator|server)\/(acr|auth_time|expires_at|scopes|kind|trust_domain)$/u,
  /^\/(verified\/initiator\/groups|registry\/initiator_groups|registry\/exceptions)$/u,
  // Other ways by which a server may be named; the base questions name theirs by its SPIFFE ID.
  /^\/(verified|registry)\/server\/(platform|launch|tls)\b/u,
  // What a workflow has come to matters to sends, to budgets and to what must come after something: their rules test it.
  /^\/verified\/workflow\/(?!basis$|first_purpose$|inherited$)/u,
  /^\/attested\/purpose\/(iss|ref|parent|budgets)$/u,
  /^\/verified\/inputs\/asked\/(at|decision_id)$/u,
  /^\/registry\/issuing$/u,
  /^\/registry\/(agent\/iss|server\/resource|purpose\/title|(agent|server|purpose)\/owner)$/u,
  /^\/registry\/parameters\/(default_approval|valid_seconds|review_grace_seconds|pop_facets)\b/u,
  /\/(bounds|purpose)\/sampling\/include_context$/u,
  /^\/question\/sampling\/(message_count|context_digest|system_prompt_digest|media_types)$/u,
  /\/(texts\/\d+\/where|schema_digest|query_bytes|fields\/\d+\/(type|format))$/u,
]
const ofArguments = [/^\/question\/arguments\b/u, /^\/registry\/capability\/(arguments|bounds)\b/u]
const ofSampling = [
  /\/left\/model_calls$/u,
  /\/sampling\b/u,
  /\/governed_tool_names$/u,
  /^\/question\/round$/u,
]
const ofElicitation = [/\/elicitation/u, /\/(clarification|scope_bearing|max_elicitation_text)$/u]
const ofUrl = [/\/elicitation\/url/u, /\/elicitation_hosts$/u]
const ofList = [/^\/question\/list\b/u]
const ofResults = [/^\/question\/result$/u, /\/releasable(\/result)?$/u]
const ofAnswers = [/\/releasable(\/input_response)?$/u]
const ofDefinitions = [/\/definition_(digest|hidden_text)$/u]
const ofInputs = [/^\/verified\/inputs\b/u]
const ofQuotes = [/^\/verified\/inputs\/asked\b/u]
const ofCounts = [/^\/verified\/inputs\/lately$/u]
/** What goes back or comes after was counted with the call that it belongs to. */
const ofLeft = [/\/left\/\w+$/u]
const ofHolds = [/^\/registry\/(capability\/effects|parameters\/hold_facets)$/u]

/** Whoever wants a grant asks no server: it rests on who asks, what is asked for, and the issuing rules. */
const ofCalls = [
  /^\/(question|verified\/server|attested\/(purpose|refusal))$/u,
  /^\/question\/(?!kind$|phase$|arguments)/u,
  /^\/question\/arguments\/(purpose|capabilities|data|initiator|service)\b/u,
  /^\/registry\/issuing\/0\/(id|owner|names_gateway)$/u,
  /^\/verified\/(pep|server|workflow)\b/u,
  /^\/verified\/initiator\/client_id$/u,
  /^\/registry\/(server|capability|agent|shadows|parameters|purpose\/\w+|governed_tool_names)\b/u,
]

/** What each question has no need of. */
const idle: Readonly<Record<string, readonly (readonly RegExp[])[]>> = {
  grant_request: [ofInputs, ofCalls],
  tool: [ofInputs, ofSampling, ofElicitation, ofList, ofResults, ofAnswers],
  prompt: [ofInputs, ofSampling, ofElicitation, ofList, ofResults, ofAnswers],
  resource: [
    ofInputs,
    ofSampling,
    ofElicitation,
    ofList,
    ofResults,
    ofAnswers,
    [/\/capability\/definition_digest$/u],
  ],
  tool_result: [
    ofInputs,
    ofLeft,
    ofArguments,
    ofSampling,
    ofElicitation,
    ofList,
    [/\/input_response$/u, /\/hold_facets$/u],
  ],
  // Items of a list that are malformed are dropped by an obligation, which has its own tests.
  listing: [
    ofInputs,
    ofLeft,
    ofArguments,
    ofSampling,
    ofElicitation,
    ofDefinitions,
    [/\/input_response$/u, /\/hold_facets$/u, /^\/question\/list\/\d+\/\w+$/u],
  ],
  sampling_request: [
    ofInputs,
    [/\/left\/calls$/u],
    ofArguments,
    ofElicitation,
    ofList,
    ofResults,
    ofAnswers,
    ofDefinitions,
    [/\/texts\/\d+\/(length|folded)$/u, /\/answered_model$/u],
  ],
  sampling_response: [
    ofLeft,
    ofCounts,
    ofArguments,
    ofElicitation,
    ofList,
    ofDefinitions,
    ofHolds,
    [
      /(question|releasable)\/result$/u,
      /\/texts\/\d+\/(length|folded)$/u,
      /\/(max_tokens|sampling\/models)$/u,
    ],
  ],
  form_request: [
    ofQuotes,
    ofLeft,
    ofArguments,
    ofSampling,
    ofUrl,
    ofList,
    ofResults,
    ofAnswers,
    ofDefinitions,
    [/\/unasked$/u],
  ],
  form_response: [
    ofLeft,
    ofCounts,
    ofArguments,
    ofSampling,
    ofUrl,
    ofList,
    ofDefinitions,
    ofHolds,
    [/(question|releasable)\/result$/u, /\/max_elicitation_text$/u, /\/texts\/\d+\/length$/u],
  ],
  url_request: [
    ofQuotes,
    ofLeft,
    ofArguments,
    ofSampling,
    ofList,
    ofResults,
    ofAnswers,
    ofDefinitions,
    [/\/(unasked|flat)$/u, /\/texts\/\d+\/folded$/u],
  ],
}

/** Members that may be left out, or be null: then they bound nothing, or there is nothing to judge. */
const optional = [
  /^\/attested\/purpose\/agent$/u,
  /^\/attested\/purpose\/left\/\w+$/u,
  /^\/registry\/capability\/(arguments|scope_bearing|bounds(\/\d+\/\w+)?)$/u,
  /^\/question\/definition_digest$/u,
  /^\/question\/elicitation\/answered$/u,
  /^\/question\/result\/result_type$/u,
]

describe.each([...baseQuestions])('a question of the kind %s', (name, question) => {
  const free = [...silent, ...(idle[name] ?? []).flat()]
  const pointers = membersOf(question).filter((at) => !free.some((pattern) => pattern.test(at)))

  it('is not permitted without a member, or with one of another type', async () => {
    const permitted: string[] = []
    for (const at of pointers) {
      for (const value of others) {
        const mayLack = (value === absent || value === null) && optional.some((one) => one.test(at))
        const input = mayLack ? undefined : changed(question, at.split('/').slice(1), value)
        if (input !== undefined && (await judged.judge(input)).effect === 'permit') {
          permitted.push(`${at} = ${value === absent ? 'absent' : JSON.stringify(value)}`)
        }
      }
    }
    expect(pointers.length).toBeGreaterThan(name === 'grant_request' ? 10 : 30)
    expect(permitted).toEqual([])
  })
})

/** JSON Pointers of all members of objects, at any depth. */
function membersOf(value: unknown, at = ''): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) => [
    ...(Array.isArray(value) ? [] : [`${at}/${name}`]),
    ...membersOf(member, `${at}/${name}`),
  ])
}

/** The question with the value in the place; undefined where a value of that type stands there. */
function changed(question: unknown, path: readonly string[], value: unknown): unknown {
  const copy = structuredClone(question) as Record<string, unknown>
  let parent = copy
  for (const name of path.slice(0, -1)) parent = parent[name] as Record<string, unknown>
  const last = path.at(-1) ?? ''
  if (typeOf(parent[last]) === typeOf(value)) return undefined
  if (value === absent) Reflect.deleteProperty(parent, last)
  else parent[last] = value
  return copy
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}
