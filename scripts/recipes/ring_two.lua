-- title: First line first, then second line
-- order: 40
-- hook: assign
-- The first offer goes to an agent with the skill first_line. Whoever lets it ring passes it on: from the second try on
-- those with the skill second_line are asked.

local function least_busy(agents, skill)
  local best
  for i = 1, #agents do
    local a = agents[i]
    if a.skills[skill] and (not best or a.load < best.load) then best = a end
  end
  return best
end

function assign(session, agents, ctx)
  local line = ctx.attempt == 1 and "first_line" or "second_line"
  local agent = least_busy(agents, line)
  if agent then return agent.id, "try " .. ctx.attempt .. ": " .. line end
end
