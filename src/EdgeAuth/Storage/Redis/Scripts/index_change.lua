-- Changes entries of one index, unless it is too late: by then the lock under which it was sent may be another's.
-- KEYS: order, expiry
-- ARGV: 1 fence, then for each entry: '+' | '-', member, expiry | ''
-- Answers 1, or 0 with nothing changed when it is too late.
local time = redis.call('TIME')
if time[1] * 1000 + math.floor(time[2] / 1000) > tonumber(ARGV[1]) then
  return 0
end

for at = 2, #ARGV, 3 do
  local member, expiry = ARGV[at + 1], ARGV[at + 2]
  if ARGV[at] == '-' then
    redis.call('ZREM', KEYS[1], member)
    redis.call('ZREM', KEYS[2], member)
  else
    redis.call('ZADD', KEYS[1], 0, member)
    if expiry == '' then
      redis.call('ZREM', KEYS[2], member)
    else
      redis.call('ZADD', KEYS[2], expiry, member)
    end
  end
end

return 1
