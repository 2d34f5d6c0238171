package shop

// item is something that the shop sells.
type item struct {
	Slug, Name, Line, Price, Fact, Picture string
	Details                                []string
}

func items() []item {
	return []item{
		{Slug: "ridge-tent", Name: "Ridge tent", Line: "Two people, one pole, up in four minutes", Price: "€ 289", Picture: "tent",
			Fact:    "The Ridge tent weighs 1.9 kg and stands up to gusts of 80 km/h.",
			Details: []string{"1.9 kg with pegs", "Stands up to gusts of 80 km/h", "Repaired for ten years, free of charge"}},
		{Slug: "tin-stove", Name: "Tin stove", Line: "Burns twigs, boils a litre in six minutes", Price: "€ 64", Picture: "stove",
			Fact:    "The Tin stove burns twigs and boils a litre in six minutes. No gas needed.",
			Details: []string{"Packs flat, 410 g", "Twigs, pellets or a spirit burner", "Steel from Solingen"}},
		{Slug: "moor-blanket", Name: "Moor blanket", Line: "Undyed wool that shrugs off rain", Price: "€ 118", Picture: "blanket",
			Fact:    "The Moor blanket is undyed wool, 140 by 200 cm, and dries on your shoulders.",
			Details: []string{"140 × 200 cm", "Undyed wool of Heidschnucken", "Airs out overnight, needs no washing"}},
		{Slug: "hut-lamp", Name: "Hut lamp", Line: "Forty hours from one winding", Price: "€ 79", Picture: "lamp",
			Fact:    "The Hut lamp gives light for forty hours after five minutes of winding.",
			Details: []string{"Wound up, not plugged in", "Warm light, 180 lumen", "Hook and magnet"}},
	}
}

// order is a parcel on its way, or that should have been.
type order struct {
	Number, Item, Status string
	Steps                []step
}

type step struct {
	When, What string
	Done       bool
}

// orderOf finds an order. The shop remembers two well; any other number has just been packed.
func orderOf(number string) *order {
	switch number {
	case "48213":
		return &order{Number: number, Item: "Ridge tent", Status: "Delivered, says the carrier", Steps: []step{
			{"Friday", "Packed in our barn", true}, {"Saturday", "Handed to the carrier", true},
			{"Tuesday 14:06", "Left at the front door, with a photo", true},
		}}
	case "48377":
		return &order{Number: number, Item: "Tin stove", Status: "On its way", Steps: []step{
			{"Monday", "Packed in our barn", true}, {"Tuesday", "Handed to the carrier", true}, {"Thursday", "At your door", false},
		}}
	}
	return &order{Number: number, Item: "Moor blanket", Status: "Packed", Steps: []step{
		{"Today", "Packed in our barn", true}, {"Tomorrow", "Handed to the carrier", false}, {"In three days", "At your door", false},
	}}
}
