//! What is asked of Redis. Each script is one step there, by the clock there; each touches one key, which ends by itself.

use redis::Script;

pub struct Scripts {
    pub count: Script,
    pub forget: Script,
    pub pace: Script,
}

impl Scripts {
    pub fn new() -> Self {
        Self {
            count: Script::new(COUNT),
            forget: Script::new("return redis.call('DEL', KEYS[1])"),
            pace: Script::new(PACE),
        }
    }
}

/// Seconds of the span → tries, milliseconds left.
const COUNT: &str = "
local tries = redis.call('INCR', KEYS[1])
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
  left = ARGV[1] * 1000
  redis.call('PEXPIRE', KEYS[1], left)
end
return { tries, left }
";

/// Requests in a second, requests at once → milliseconds until the next one is welcome, 0 if it is this one.
///
/// The generic cell rate algorithm, as `governor` has it: kept is the microsecond at which whoever kept an even pace would
/// have come this far. It may lie ahead by as much as may be had at once.
const PACE: &str = "
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local gap = 1000000 / ARGV[1]
local ahead = gap * ARGV[2]
local even = tonumber(redis.call('GET', KEYS[1]) or now)
even = math.max(now, math.min(even, now + ahead)) + gap
local wait = even - ahead - now
if wait > 0 then
  return math.ceil(wait / 1000)
end
redis.call('SET', KEYS[1], string.format('%.0f', even), 'PX', math.ceil((even - now) / 1000))
return 0
";
