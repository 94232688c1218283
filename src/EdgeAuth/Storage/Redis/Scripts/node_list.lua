-- The nodes that told of themselves of late.
-- KEYS: nodes, when each was seen
-- ARGV: 1 lifetime in milliseconds
-- Answers {node, milliseconds, ...}.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local seen = redis.call('ZRANGEBYSCORE', KEYS[2], '(' .. string.format('%.0f', now - ARGV[1]), '+inf', 'WITHSCORES')
local answer = {}
for at = 1, #seen, 2 do
  local node = redis.call('HGET', KEYS[1], seen[at])
  if node then
    answer[#answer + 1] = node
    answer[#answer + 1] = seen[at + 1]
  end
end

return answer
