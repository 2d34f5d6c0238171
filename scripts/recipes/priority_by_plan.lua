-- title: Priority by plan and mood
-- hook: prioritise
-- Who pays for it is served first, and who is about to leave is not kept waiting. Everything else stays as the bot
-- asked for.

local plans = { enterprise = "high", business = "normal", free = "low" }

function prioritise(session)
  if session.reason.code == "sentiment" or session.tags.complaint then return "urgent" end
  return session.context and plans[session.context.plan]
end
