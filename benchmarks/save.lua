-- Saves answers of many candidates as take.js does: each request another choice, with a key of its own.
-- Arguments: a file with one visit per line (cookie, token, revision, attempt, codes, divided by tabs), and a word for
-- the keys.
local thread_number = 0

function setup(thread)
  thread:set("id", thread_number)
  thread_number = thread_number + 1
end

function init(args)
  visits = {}
  for line in io.lines(args[1]) do
    local cookie, token, revision, attempt, codes = line:match("^(.-)\t(.-)\t(.-)\t(.-)\t(.-)$")
    for code in codes:gmatch("[^,]+") do
      visits[#visits + 1] = {
        head = "POST /take/save HTTP/1.1\r\nHost: " .. wrk.host .. ":" .. wrk.port .. "\r\nCookie: " .. cookie
          .. "\r\nAccept: application/json\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ",
        body = "csrf_token=" .. token .. "&code=" .. code .. "&revision=" .. revision .. "&attempt=" .. attempt
          .. "&milliseconds=2400&counter=",
      }
    end
  end
  key = "&key=" .. args[2] .. id .. "-"
  turn = id * 7
  counter = 0
end

function request()
  turn = turn % #visits + 1
  counter = counter + 1
  local visit = visits[turn]
  local body = visit.body .. counter .. key .. counter .. "&value=" .. (counter % 5 + 1)
  return visit.head .. #body .. "\r\n\r\n" .. body
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    "RESULT requests=%d microseconds=%d p50=%d p99=%d refused=%d broken=%d\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), errors.status,
    errors.connect + errors.read + errors.write + errors.timeout))
end
