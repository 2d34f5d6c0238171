package hours

import "slices"

// Import is what was read from another calendar.
type Import struct {
	Days    []Found
	Skipped []Skipped
}

// Found is a day that was read, and the line that it begins in.
type Found struct {
	Day
	Line int
}

// Skipped is what was read and is no closure, or says nothing new.
type Skipped struct {
	Line int    `json:"line"`
	Name string `json:"name"`
	Why  string `json:"why"`
}

// Into adds what was read to days that are known. A date that is there already stays as it is. Done says what was added
// and what was not.
func (i Import) Into(known []Day) (days []Day, done Import) {
	days, done.Skipped = slices.Clone(known), slices.Clone(i.Skipped)
	names := make(map[string]string, len(known))
	for _, d := range known {
		names[d.Date] = d.Name
	}
	for _, found := range i.Days {
		if name, there := names[found.Date]; there {
			why := found.Date + " is there already"
			if name != "" {
				why += " as " + name
			}
			done.Skipped = append(done.Skipped, Skipped{found.Line, found.Name, why})
			continue
		}
		names[found.Date] = found.Name
		days, done.Days = append(days, found.Day), append(done.Days, found)
	}
	slices.SortStableFunc(done.Skipped, func(a, b Skipped) int { return a.Line - b.Line })
	return days, done
}
