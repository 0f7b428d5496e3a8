package simulator

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
)

// Option is a configurable option. What the module reads of it, it knows by its name
// (docs/whmcs.md): IP, IPv6, os, recipe.
type Option struct {
	ID   int    `json:"id" yaml:"id"`
	Name string `json:"name" yaml:"name"`
	// Kind is 1 for a dropdown, 2 radio, 3 yes or no, 4 quantity.
	Kind    int      `json:"kind" yaml:"kind"`
	Min     int      `json:"min" yaml:"min"`
	Max     int      `json:"max" yaml:"max"`
	Choices []Choice `json:"choices" yaml:"choices"`
}

// Choice is what an option offers.
type Choice struct {
	ID     int    `json:"id" yaml:"id"`
	Name   string `json:"name" yaml:"name"`
	Prices Prices `json:"prices" yaml:"prices"`
}

// OrderField is a custom field of the order form.
type OrderField struct {
	ID       int    `json:"id" yaml:"id"`
	Name     string `json:"name" yaml:"name"`
	Required bool   `json:"required" yaml:"required"`
}

// Chosen is an option as a client chose it: Value is a number, or the text of a choice.
type Chosen struct {
	ID    int    `json:"id"`
	Name  string `json:"name"`
	Kind  int    `json:"kind"`
	Value string `json:"value"`
}

// templates and recipes are what a catalogue without options offers; the first recipe is none.
var (
	templates = []string{"ISPsystem__Debian-12-x86_64|Debian 12", "ISPsystem__Ubuntu-24.04-x86_64|Ubuntu 24.04", "ISPsystem__AlmaLinux-9-x86_64|AlmaLinux 9"}
	recipes   = []string{"none|No recipe", "#local__docker|Docker"}
)

// usual are the options of a product that names none.
func usual(p Product) []Option {
	first := p.ID * 100
	quantity := func(id int, name string, most int, price int64) Option {
		return Option{ID: id, Name: name, Kind: 4, Max: most, Choices: []Choice{{ID: id*10 + 1, Name: name, Prices: asked(price)}}}
	}
	dropdown := func(id int, name string, names []string) Option {
		option := Option{ID: id, Name: name, Kind: 1}
		for i, choice := range names {
			option.Choices = append(option.Choices, Choice{ID: id*10 + i + 1, Name: choice, Prices: asked(0)})
		}
		return option
	}
	return []Option{
		quantity(first+1, "IP|Additional IPv4 addresses", 16, 200), quantity(first+2, "IPv6|Additional IPv6 addresses", 16, 50),
		dropdown(first+3, "os|Operating system", templates), dropdown(first+4, "recipe|Recipe", recipes),
	}
}

// key is what a module gets of a name such as key|Label.
func key(name string) string {
	before, _, _ := strings.Cut(name, "|")
	return strings.TrimSpace(before)
}

// choose turns what AddOrder got into choices, with what they cost for a cycle. An option
// that was left out is the first choice of a dropdown, and none of a quantity; an id that
// does not exist is left out without a word [UNCONFIRMED, docs/whmcs-api.md W22].
func (p Product) choose(wanted map[int]string, currency, cycle string) (chosen []Chosen, setup, each int64) {
	for _, o := range p.Options {
		number, _ := strconv.Atoi(wanted[o.ID]) // zero is none
		if len(o.Choices) == 0 {
			continue
		}
		choice, times := o.Choices[0], int64(max(0, number))
		value := strconv.FormatInt(times, 10)
		if o.Kind < 3 {
			for _, c := range o.Choices {
				if c.ID == number {
					choice = c
				}
			}
			times, value = 1, choice.Name
		}
		fee, price, _ := choice.Prices.of(currency, cycle) // what is not offered costs nothing
		chosen = append(chosen, Chosen{o.ID, o.Name, o.Kind, value})
		setup, each = setup+fee*times, each+price*times
	}
	return chosen, setup, each
}

// apply makes the choices an order for the module, by their names.
func (o *Order) apply(chosen []Chosen) {
	for _, c := range chosen {
		number, _ := strconv.Atoi(c.Value) // a text is no number
		switch key(c.Name) {
		case "IP":
			o.IPv4 = number
		case "IPv6":
			o.IPv6 = number
		case "os", "OS", "ostemplate":
			o.OS = key(c.Value)
		case "recipe":
			if o.Recipe = key(c.Value); o.Recipe == "none" {
				o.Recipe = "null"
			}
		}
	}
}

// unserialize reads base64 of PHP's serialize, as far as it holds a flat array by number.
func unserialize(text string) (map[int]string, error) {
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, err
	}
	rest, values := string(raw), map[int]string{}
	var count int
	if _, err := fmt.Sscanf(rest, "a:%d:{", &count); err != nil {
		return nil, err
	}
	_, rest, _ = strings.Cut(rest, "{")
	for range count {
		var name, value string
		if name, rest, err = scalar(rest); err != nil {
			return nil, err
		}
		if value, rest, err = scalar(rest); err != nil {
			return nil, err
		}
		id, err := strconv.Atoi(name)
		if err != nil {
			return nil, err
		}
		values[id] = value
	}
	if rest != "}" {
		return nil, fmt.Errorf("%q is left", rest)
	}
	return values, nil
}

// scalar reads i:5; or s:3:"abc"; whose length is in bytes.
func scalar(text string) (value, rest string, err error) {
	kind, after, _ := strings.Cut(text, ":")
	if kind == "i" {
		value, rest, _ = strings.Cut(after, ";")
		return value, rest, nil
	}
	length, after, _ := strings.Cut(after, ":")
	n, err := strconv.Atoi(length)
	if kind != "s" || err != nil || n < 0 || len(after) < n+3 || after[0] != '"' || after[n+1:n+3] != `";` {
		return "", "", fmt.Errorf("%q is no scalar of PHP", text)
	}
	return after[1 : n+1], after[n+3:], nil
}
