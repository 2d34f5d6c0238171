-- title: Tags by what is said
-- kind: rule
-- state: off
-- hook: tag
-- Puts a few tags on a chat by the words of its customer, in English and German. Copy it and make the list your own:
-- a tag is found when one of its words is said as a whole word.

local words = {
  refund = { "refund", "money back", "erstattung", "geld zurück" },
  cancellation = { "cancel", "cancellation", "kündigen", "kündigung", "stornieren" },
  delivery = { "parcel", "delivery", "tracking", "paket", "lieferung", "sendung" },
  invoice = { "invoice", "bill", "rechnung" },
  complaint = { "complaint", "unacceptable", "beschwerde", "unverschämt" },
}

function tag(session, message)
  local tags = {}
  for name, list in pairs(words) do
    if not session.tags[name] and text.has_any(message.text, list) then
      tags[#tags + 1] = name
    end
  end
  table.sort(tags)
  return tags
end
