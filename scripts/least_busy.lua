-- title: Least busy
-- kind: strategy
-- hook: assign
-- The agent with the smallest part of his places taken gets the chat; among equals the one who has waited longest
-- for one. An agent whom the request asks for comes first, when he is free.

local function longer(a, b) -- below 0: he never had one
  local x, y = a.last_assigned_s, b.last_assigned_s
  return x ~= y and (x < 0 or (y >= 0 and x > y))
end

function assign(session, agents)
  local wanted = session.preferred_agent
  local best, load, capacity = nil, 1, 0 -- more than anybody's
  for i = 1, #agents do
    local a = agents[i]
    if wanted and a.id == wanted then
      return a.id, "asked for by the request"
    end
    local l, c = a.load, a.capacity
    local x, y = l * capacity, load * c -- load / capacity, compared without dividing
    if x < y or (x == y and longer(a, best)) then
      best, load, capacity = a, l, c
    end
  end
  return best.id, load .. " of " .. capacity .. " places taken"
end
