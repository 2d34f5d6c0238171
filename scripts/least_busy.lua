-- title: Least busy
-- kind: strategy
-- hook: assign
-- The agent with the smallest part of his places taken gets the chat; among equals the one who has waited longest
-- for one. An agent whom the request asks for comes first, when he is free.

local function before(a, b)
  local x, y = a.load * b.capacity, b.load * a.capacity -- load / capacity, compared without dividing
  if x ~= y then return x < y end
  local p, q = a.last_assigned_s, b.last_assigned_s
  if p ~= q then return p < 0 or (q >= 0 and p > q) end -- below 0: he never had one
  return a.id < b.id
end

function assign(session, agents)
  local best = agents[1]
  for i = 1, #agents do
    local a = agents[i]
    if a.id == session.preferred_agent then
      return a.id, "asked for by the request"
    end
    if before(a, best) then best = a end
  end
  return best.id, best.load .. " of " .. best.capacity .. " places taken"
end
