package whmcs

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// OptionKind is how a configurable option is chosen (docs/whmcs-api.md 1.6).
type OptionKind int

// Kinds of configurable options, as WHMCS numbers them.
const (
	OptionDropdown OptionKind = 1
	OptionRadio    OptionKind = 2
	OptionYesNo    OptionKind = 3
	OptionQuantity OptionKind = 4
)

// Option is a configurable option of a product.
type Option struct {
	ID int
	// Name may be written as key|Label: a module gets the key, a client sees the label.
	Name string
	Kind OptionKind
	// Min and Max are the limits of a quantity; a Max of 0 is none.
	Min, Max int
	Choices  []Choice
}

// Choice is what an option offers. A quantity and a yes or no have one, which holds the price.
type Choice struct {
	ID     int
	Name   string
	Prices []Price
}

// Key is the option's name as a module gets it.
func (o Option) Key() string { key, _ := split(o.Name); return key }

// Label is the option's name as a client sees it.
func (o Option) Label() string { _, label := split(o.Name); return label }

// Key is the choice's name as a module gets it.
func (c Choice) Key() string { key, _ := split(c.Name); return key }

// Label is the choice's name as a client sees it.
func (c Choice) Label() string { _, label := split(c.Name); return label }

// split takes a name apart: key is what stands before the bar, as a module gets it; label what a client sees.
func split(name string) (key, label string) {
	key, label, barred := strings.Cut(name, "|")
	if !barred {
		label = key
	}
	return strings.TrimSpace(key), strings.TrimSpace(label)
}

func named(name, wanted string) bool {
	key, label := split(name)
	return wanted == key || wanted == label
}

// optionRow is an option as WHMCS writes it.
type optionRow struct {
	ID      number `json:"id"`
	Name    text   `json:"name"`
	Kind    number `json:"type"`
	Min     number `json:"minqty"`
	Max     number `json:"maxqty"`
	Choices list[struct {
		ID      number  `json:"id"`
		Name    text    `json:"name"`
		RawName text    `json:"rawName"`
		Pricing pricing `json:"pricing"`
	}] `json:"options"`
}

func (r optionRow) option() Option {
	option := Option{ID: int(r.ID), Name: string(r.Name), Kind: OptionKind(r.Kind), Min: max(0, int(r.Min)), Max: max(0, int(r.Max))}
	for _, c := range r.Choices {
		name := string(c.RawName) // with its key, where the name is the label alone
		if name == "" || name == "null" {
			name = string(c.Name)
		}
		option.Choices = append(option.Choices, Choice{int(c.ID), name, c.Pricing.all(recurring)})
	}
	return option
}

// OptionFault says what is wrong with a choice, for the one who chose.
type OptionFault struct{ Option, Reason string }

// Choose turns names and choices into what [NewItem] takes: the id of each option, and the
// id of a choice or a number. Names and choices may be keys or labels, letter by letter.
// Every fault is told, by name; what nobody chose is left to WHMCS.
func (o Offer) Choose(wanted map[string]string) (chosen map[int]int, faults []OptionFault) {
	chosen = map[int]int{}
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		var fits []Option
		for _, option := range o.Options {
			if named(option.Name, name) {
				fits = append(fits, option)
			}
		}
		if len(fits) != 1 {
			faults = append(faults, OptionFault{name, fmt.Sprintf("the product has %d options of this name", len(fits))})
			continue
		}
		value, fault := fits[0].value(wanted[name])
		if _, again := chosen[fits[0].ID]; fault == "" && again {
			fault = "chosen twice, by its key and by its label"
		}
		if fault != "" {
			faults = append(faults, OptionFault{name, fault})
			continue
		}
		chosen[fits[0].ID] = value
	}
	return chosen, faults
}

func (o Option) value(choice string) (value int, fault string) {
	switch o.Kind {
	case OptionQuantity:
		return o.count(choice)
	case OptionYesNo:
		switch strings.ToLower(choice) {
		case "yes", "on", "true", "1":
			return 1, ""
		case "no", "off", "false", "0", "":
			return 0, ""
		}
		return 0, "is yes or no"
	case OptionDropdown, OptionRadio:
		return o.pick(choice)
	default:
		return 0, fmt.Sprintf("is of a kind %d that is not known", o.Kind)
	}
}

func (o Option) pick(choice string) (id int, fault string) {
	var names []string
	for _, c := range o.Choices {
		if named(c.Name, choice) {
			return c.ID, ""
		}
		names = append(names, c.Key())
	}
	return 0, fmt.Sprintf("is one of %s", strings.Join(names, ", "))
}

func (o Option) count(choice string) (value int, fault string) {
	n, err := strconv.Atoi(choice)
	switch {
	case err != nil || n < 0:
		return 0, "is a whole number"
	case n < o.Min:
		return 0, fmt.Sprintf("is at least %d", o.Min)
	case o.Max > 0 && n > o.Max:
		return 0, fmt.Sprintf("is at most %d", o.Max)
	}
	return n, ""
}
