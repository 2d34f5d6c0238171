-- title: Count why people are asked for
-- hook: on_event
-- Counts the reasons of handoffs by day. Other scripts can read the counts of their own only; this one logs them, so
-- that they show in the ledger of the tenth of each reason.

function on_event(event, ctx)
  if event.type ~= "session.requested" then return end
  local reason = event.data.reason and event.data.reason.code or "none"
  local day = ("%04d-%02d-%02d"):format(ctx.now.year, ctx.now.month, ctx.now.day)
  local n = store.incr(day .. "/" .. reason, 1, 40 * 24 * 3600)
  if n % 10 == 0 then log.info(n .. " handoffs for " .. reason .. " today") end
end
