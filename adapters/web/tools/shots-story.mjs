// The chats and prepared words that the pictures of `npm run shots` show.

const asked = "Asked for a person after 2 replies";

const handoff = (name, said, more = {}) => ({
  conversation_id: name,
  customer: { external_id: name, name, email: `${name.split(" ")[0].toLowerCase()}@example.com`, locale: "en" },
  channel: "web",
  reason: { code: "customer_request", text: asked },
  summary: said,
  transcript: [
    { author: { role: "customer" }, text: said },
    { author: { role: "bot", name: "Bot" }, text: "I could not find that. Shall I bring in a person?" },
    { author: { role: "customer" }, text: said.endsWith("?") ? said : "Yes please" },
  ],
  ...more,
});

export const replies = [
  {
    scope: "team",
    shortcut: "trace",
    title: "Open a trace",
    text: "Hi {{first_name}}, I open a trace with the depot.",
  },
  { scope: "team", shortcut: "refund", title: "Refund is on its way", text: "The refund takes 3 to 5 days." },
];

export const rule = `-- title: VIPs first to Ida
-- hook: assign
-- Whoever is a VIP, or writes about a missing parcel, goes to Ida while she has room.

function assign(session, agents)
  local wanted = session.tags.vip or text.contains(session.subject or "", "order")
  if not wanted then return nil end
  for i = 1, #agents do
    local a = agents[i]
    if a.load < a.capacity then return a.id, "a VIP, and " .. a.name .. " has room" end
  end
end
`;

export const chats = [
  {
    mine: true,
    handoff: handoff("Hana Sato", "Hi, order 48213 says delivered but there is nothing here.", {
      subject: "Missing parcel, order 48213",
      customer: {
        external_id: "u48213",
        name: "Hana Sato",
        email: "hana.sato@example.com",
        phone: "+47 412 00 118",
        locale: "en",
      },
      routing: { priority: "high" },
      summary: "Order 48213 found or replaced before travelling tomorrow",
      tried: ["Delivery status", "Neighbour check"],
      intent: { name: "missing_parcel", score: 0.91 },
      sentiment: -0.62,
      context: { order_id: "48213", plan: "Plus", orders: 14 },
      tags: ["delivery", "travelling"],
      transcript: [
        { author: { role: "customer" }, text: "Hi, order 48213 says delivered but there is nothing here." },
        {
          author: { role: "bot", name: "Bot" },
          text: "I can see it was marked delivered on Tuesday at 14:06. Could it be with a neighbour?",
        },
        { author: { role: "customer" }, text: "I asked both neighbours. I want to talk to a person." },
      ],
    }),
    talk: [
      [
        "ida",
        "Hi Hana, I'm Ida. I have your order and the courier note in front of me, so you don't need to repeat anything.",
      ],
      ["customer", "Thank you! There is no safe place here as the courier claims."],
      ["note", "Courier photo shows a different door. @Jonas can you open a trace with the depot?"],
      ["ida", "That is clearly not your door in the courier's photo. I can send a replacement today by express."],
      ["customer", "It was due on Monday and I leave tomorrow."],
    ],
  },
  {
    mine: true,
    handoff: handoff("Liv Lin", "I was charged twice this morning", {
      channel: "telegram",
      routing: { priority: "urgent" },
    }),
    talk: [["customer", "Both charges are on my card now."]],
  },
  {
    mine: true,
    handoff: handoff("Noor Tanaka", "Is the blue one back in stock soon?"),
    talk: [["ida", "It arrives on Thursday. Shall I keep one for you?"]],
  },
  { mine: true, handoff: handoff("Tomas Berg", "My parcel says delivered but nothing came") },
  { handoff: handoff("Jonas Patel", "Login code never arrives by SMS", { routing: { priority: "urgent" } }) },
  { handoff: handoff("Amara Novak", "Can I change the address on order 5512?", { channel: "telegram" }) },
  { handoff: handoff("Ravi Haddad", "How do I export my invoices?") },
  { handoff: handoff("Maya Boateng", "I need to speak with a person please", { routing: { priority: "high" } }) },
];
