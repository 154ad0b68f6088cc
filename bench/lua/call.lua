-- The one load script: every request names a customer, a POST also carries a request id of its own. bench/run sets:
--   CALL_METHOD, CALL_PATH ({id} stands for the customer), CALL_HOST, CALL_TOKEN, CALL_BODY ({n} stands for a number)
--   CALL_FIRST, CALL_COUNT   the customers to choose from, by number
--   CALL_ORDER               "random", or "each": one after the other, so that none is used twice
--   CALL_RUN                 eight hexadecimal digits, other ones for each round: they make the request ids unique
-- Strings are put together here instead of by wrk.format, so that both sides of a ratio leave the client little to do.

local function cut(text, mark)
  local at, to = string.find(text, mark, 1, true)
  if not at then return text, nil end
  return string.sub(text, 1, at - 1), string.sub(text, to + 1)
end

local method = os.getenv("CALL_METHOD")
local before_id, after_id = cut(os.getenv("CALL_PATH"), "{id}")
local body_head, body_tail = cut(os.getenv("CALL_BODY") or "", "{n}")
local token = os.getenv("CALL_TOKEN") or ""
local first, count = tonumber(os.getenv("CALL_FIRST")), tonumber(os.getenv("CALL_COUNT"))
local random = os.getenv("CALL_ORDER") == "random"
local run = os.getenv("CALL_RUN")
local id_prefix = "c0c0c0c0-0000-7000-8000-"
local number_digits = 12

local headers = " HTTP/1.1\r\nHost: " .. os.getenv("CALL_HOST") .. "\r\n"
if token ~= "" then headers = headers .. "Authorization: Bearer " .. token .. "\r\n" end
local posting = method == "POST"
if posting then
  local length = #body_head + (body_tail and number_digits + #body_tail or 0)
  headers = headers .. "Content-Type: application/json\r\nContent-Length: " .. length .. "\r\nMS-RequestId: " .. run .. "-0000-4000-8000-"
end

local sent = 0
math.randomseed(tonumber(run, 16))

function request()
  local number = first + (random and math.random(0, count - 1) or sent % count)
  sent = sent + 1
  local digits = string.format("%012x", number)
  local line = after_id and (method .. " " .. before_id .. id_prefix .. digits .. after_id) or (method .. " " .. before_id)
  if not posting then return line .. headers .. "\r\n" end
  local body = body_tail and (body_head .. digits .. body_tail) or body_head
  return line .. headers .. string.format("%012x", sent) .. "\r\n\r\n" .. body
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d %d\n", summary.requests, summary.duration, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout, latency:percentile(50), latency:percentile(99)))
end
