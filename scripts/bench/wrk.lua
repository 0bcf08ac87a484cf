-- Cycles over prepared bodies, one a line in a file; counts the effects that come back and every answer
-- that is no decision. Prints one line of JSON at the end. Arguments: file, first body, bearer token.

local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init(arguments)
  wrk.method = 'POST'
  wrk.headers['Content-Type'] = 'application/json'
  if arguments[3] then wrk.headers['Authorization'] = 'Bearer ' .. arguments[3] end
  bodies, last = {}, tonumber(arguments[2])
  for body in io.lines(arguments[1]) do
    bodies[#bodies + 1] = body
  end
  permit, deny, hold, others = 0, 0, 0, 0
  example = ''
end

function request()
  last = last % #bodies + 1
  return wrk.format(nil, nil, nil, bodies[last])
end

function response(status, _, body)
  local effect = status == 200 and string.match(body, '"effect":"(%a+)"') or nil
  if effect == 'permit' then
    permit = permit + 1
  elseif effect == 'deny' then
    deny = deny + 1
  elseif effect == 'hold' then
    hold = hold + 1
  else
    others = others + 1
    if example == '' then example = status .. ' ' .. string.gsub(string.sub(body, 1, 200), '[%c"\\]', ' ') end
  end
end

function done(summary, latency)
  local total = { permit = 0, deny = 0, hold = 0, others = 0 }
  local seen = ''
  for _, thread in ipairs(threads) do
    for name, count in pairs(total) do
      total[name] = count + thread:get(name)
    end
    if seen == '' then seen = thread:get('example') end
  end
  local errors = summary.errors
  print(string.format(
    '{"microseconds":%d,"permit":%d,"deny":%d,"hold":%d,"others":%d,"broken":%d,"p50":%d,"p99":%d,"example":"%s"}',
    summary.duration, total.permit, total.deny, total.hold, total.others,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50), latency:percentile(99), seen))
end
