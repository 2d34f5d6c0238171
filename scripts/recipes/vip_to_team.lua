-- title: VIPs to their team
-- order: 10
-- hook: assign
-- Chats with the tag vip, and those of the plan enterprise, go to agents with the skill vip. When none of them is
-- free, everybody else may have the chat: an opinion of nil lets the next script answer.

function assign(session, agents)
  local plan = session.context and session.context.plan
  if not session.tags.vip and plan ~= "enterprise" then return nil end
  local best
  for i = 1, #agents do
    local a = agents[i]
    if a.skills.vip and (not best or a.load < best.load) then best = a end
  end
  if best then return best.id, "a VIP, to the VIP team" end
end
