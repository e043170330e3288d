-- Draws requests at random from the bodies file (one JSON body a line) named by BENCH_BODIES, or takes them one after
-- the other if BENCH_IN_ORDER is set.
local requests = {}
local inOrder = os.getenv("BENCH_IN_ORDER") ~= nil
local taken = 0

function init()
  local headers = {
    ["content-type"] = "application/x-amz-json-1.0",
    ["x-amz-date"] = "20260101T000000Z",
    ["x-amz-target"] = "DynamoDB_20120810." .. os.getenv("BENCH_OPERATION"),
    ["authorization"] = os.getenv("BENCH_AUTHORIZATION"),
  }
  for line in io.lines(os.getenv("BENCH_BODIES")) do
    requests[#requests + 1] = wrk.format("POST", "/", headers, line)
  end
  math.randomseed(42)
end

function request()
  if not inOrder then
    return requests[math.random(#requests)]
  end
  taken = taken + 1
  return requests[(taken - 1) % #requests + 1]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("RESULT %f %f %f %d\n",
    summary.requests / (summary.duration / 1e6),
    latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
