// Package server is what the two long-running programs do once they have a configuration: [Worker] is what the program worker runs,
// [Gateway] what `starter serve` runs. It composes the parts and starts them; what they do is elsewhere.
package server
