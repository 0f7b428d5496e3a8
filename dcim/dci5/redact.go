package dci5

// longestMessage is in characters. A panel's message is a sentence.
const longestMessage = 400

// clean makes text of a panel or of the network fit for an error: one line, not
// too long, and without the secrets in any form in which they could be echoed.
func (c *Client) clean(r request, text string) string {
	return c.redactor.With(r.secrets()...).Clean(text, longestMessage)
}
