-- A slice of an index, of one moment with the total. Entries that have expired go first, some at a time.
-- KEYS: order, expiry
-- ARGV: 1 now  2 first rank  3 last rank, -1 for an empty slice  4 most entries removed at once
-- Answers {total, member, ...}, or {-1} when there is more to remove.
local expired = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', ARGV[1], 'LIMIT', 0, ARGV[4])
if #expired > 0 then
  redis.call('ZREM', KEYS[1], unpack(expired))
  redis.call('ZREM', KEYS[2], unpack(expired))
  if #expired == tonumber(ARGV[4]) then
    return {-1}
  end
end

local answer = {redis.call('ZCARD', KEYS[1])}
if ARGV[3] ~= '-1' then
  for _, member in ipairs(redis.call('ZRANGE', KEYS[1], ARGV[2], ARGV[3])) do
    answer[#answer + 1] = member
  end
end

return answer
