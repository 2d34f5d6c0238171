package web

// Placeholder is the page that is embedded for servers without an interface.
func Placeholder() string {
	page, err := embedded.ReadFile("assets/" + placeholder)
	if err != nil {
		panic(err)
	}
	return string(page)
}
