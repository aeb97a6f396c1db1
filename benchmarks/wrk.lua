-- What `load.py` has wrk send: the same request again and again, or logins, each of the
-- next account and from the next address. At the end, one line of JSON for `load.py`.
-- https://github.com/wg/wrk/blob/master/SCRIPTING

local accounts, body, number = 0, "", 0

function init(words)
  accounts, body = tonumber(words[1] or 0), words[2]
end

function request()
  if accounts == 0 then
    return wrk.format()
  end
  number = number % accounts + 1
  wrk.headers["X-Forwarded-For"] = string.format("10.0.%d.%d", number / 250, number % 250)
  local address = "email=person-" .. number .. "%40example.com"
  return wrk.format("POST", nil, nil, address .. "&" .. body)
end

function done(summary, latency, requests)
  local errors = summary.errors
  local lost = errors.connect + errors.read + errors.write + errors.timeout
  io.write(string.format(
    '\n{"answers": %d, "seconds": %f, "refused": %d, "lost": %d, "middle": %f, "slow": %f}\n',
    summary.requests, summary.duration / 1e6, errors.status, lost,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
