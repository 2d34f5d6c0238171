-- title: One reassuring word
-- hook: reply
-- A customer who writes again while he waits is told once that he is not forgotten. That it was said is kept for a day.

local words = {
  en = "You are still in line, and everything you write here is read by the person who takes over.",
  de = "Sie sind noch in der Reihe. Was Sie hier schreiben, liest, wer übernimmt.",
}

function reply(session, message)
  if session.waiting_s < 60 then return nil end
  local key = "said/" .. session.id
  if store.get(key) then return nil end
  store.set(key, true, 24 * 3600)
  return words[session.language] or words.en
end
