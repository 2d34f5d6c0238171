package demo

// scene is one way in which a conversation goes, from the customer's side.
type scene struct {
	name    string
	channel string   // web: a visitor of the page; whatsapp: the bot relays; own: a visitor who asks for a person himself
	opening []string // to the bot, or the subject of one's own request
	waiting []string // while nobody has joined
	replies []string // one to each message of an agent
	picture int      // the reply that comes with a picture, from 1, or 0
	score   int      // 0 for no rating
	comment string
}

// scenes are played in this order first, so that all of them are seen, and then by chance.
func scenes() []scene {
	return []scene{
		{name: "lost parcel", channel: "web", score: 5, comment: "Quick and kind",
			opening: []string{"Hi, where is my order 48213?", "That was a week ago, it still has not arrived. Can I talk to a person?"},
			replies: []string{"Yes, to my office address", "That would be great, thank you!"}},
		{name: "double charge", channel: "web", score: 4, comment: "Took two of you, but it is solved",
			opening: []string{"I was charged twice for order 48377"},
			replies: []string{"Sure, I can wait", "It ends in 4242", "Perfect, thanks a lot"}},
		{name: "angry customer", channel: "whatsapp",
			opening: []string{"This is RIDICULOUS!! Third time that my delivery is late!!!"},
			waiting: []string{"Hello??"},
			replies: []string{"I want it delivered TODAY", "Fine. And the voucher is a nice move, thanks"}},
		{name: "thanks to the bot", channel: "web",
			opening: []string{"How do I return a pair of shoes?", "Thank you, that was all"}},
		{name: "broken on arrival", channel: "web", picture: 1, score: 5, comment: "No fuss at all",
			opening: []string{"My new lamp arrived broken, I want to speak to somebody"},
			replies: []string{"Here is a picture of it", "A new one, please", "Thanks!"}},
		{name: "not understood", channel: "whatsapp",
			opening: []string{"Do you do gift wrap with a card for grandma?", "A card. With words on it. In the box."},
			replies: []string{"Happy 90th, Grandma!", "You are the best", "No, that is it"}},
		{name: "own request", channel: "own", score: 3, comment: "I had hoped for a discount",
			opening: []string{"An invoice for my company"},
			replies: []string{"Acme Ltd, 12 Baker Street", "Is there a discount for companies?", "A pity. Bye"}},
		{name: "order status", channel: "whatsapp",
			opening: []string{"Has order 48991 been sent?", "Great, thanks"}},
	}
}

// firstNames are those of the customers.
func firstNames() []string {
	return []string{"Ann", "Bo", "Carla", "Dev", "Ella", "Finn", "Greta", "Hugo", "Ines", "Jon", "Kira", "Leo", "Mina", "Noah", "Olive", "Paul"}
}

// step is what an agent does when it is his turn: he says something, and some more around it.
type step struct {
	say    string
	note   string // for colleagues
	tag    string
	handTo string // passes the chat on to this colleague
	handed string // the words that go with it
}

// plan is how agents deal with what a bot understood. Who joins later goes on where the one before was.
func plan(intent string) (steps []step, end string) {
	switch intent {
	case "parcel_lost":
		return []step{
			{say: "Hi {customer}, I am {agent}. I see that your parcel has been stuck for six days. Shall we send it again?"},
			{say: "Done: the new one leaves today, you have it on Thursday.", note: "Carrier lost it, second time on this route", tag: "lost-parcel"},
			{say: "You are welcome, have a good day!"},
		}, "sent again"
	case "double_charge":
		return []step{
			{say: "Hi {customer}, {agent} here. I see two payments. My colleague Dana does refunds, I am asking her to join.",
				handTo: "Dana", handed: "two payments for one order, please refund one"},
			{say: "Hi {customer}, Dana from billing. Which card was it?"},
			{say: "I have refunded the second payment, you see it within three days.", note: "Refunded 49.90 to the card", tag: "refund"},
			{say: "Glad that I could help."},
		}, "one payment refunded"
	case "complaint":
		return []step{
			{say: "Hello {customer}, I am {agent}, and I am sorry: three times is three too many. What would help you now?", tag: "complaint"},
			{say: "I have booked a courier for tonight, and there is a voucher of 10 in your account.", note: "Call the carrier about this address"},
			{say: "Thank you for your patience."},
		}, "courier tonight and a voucher"
	case "damaged_item":
		return []step{
			{say: "Hi {customer}, {agent} here. Could you send me a picture of it?"},
			{say: "Thanks, I can see it. Do you want a new one or the money back?", tag: "damaged"},
			{say: "A new one is on its way. No need to send the old one back."},
			{say: "Enjoy it!"},
		}, "replaced"
	}
	return []step{
		{say: "Hi {customer}, I am {agent}, a person. What may I do for you?"},
		{say: "I have put that into your order."},
		{say: "Is there anything else?"},
		{say: "Then have a nice day!"},
	}, "helped"
}
