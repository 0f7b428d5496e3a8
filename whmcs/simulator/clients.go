package simulator

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// client returns a client, made when there is none; id 0 is a new one.
func (s *State) client(id int) *Client {
	if known := s.Client(id); known != nil {
		return known
	}
	for id == 0 || s.Client(id) != nil {
		id = max(id, 1000) + 1
	}
	made := &Client{ID: id, FirstName: "Client", LastName: strconv.Itoa(id), Email: fmt.Sprintf("client%d@example.com", id), Status: "Active"}
	s.Clients = append(s.Clients, made)
	return made
}

func (w *WHMCS) getClientsDetails(params url.Values) object {
	if !params.Has("clientid") && !params.Has("email") {
		return failed("Either clientid Or email Is Required")
	}
	client := one(w.State().Clients, func(c *Client) bool {
		return c.ID == id(params, "clientid") || params.Get("email") != "" && c.Email == params.Get("email")
	})
	if client == nil {
		return failed("Client Not Found")
	}
	return success(object{"client": object{
		"client_id": client.ID, "userid": strconv.Itoa(client.ID), "id": client.ID, "firstname": client.FirstName, "lastname": client.LastName,
		"fullname": client.FirstName + " " + client.LastName, "email": client.Email, "status": client.Status, "currency": "1",
		"customfields": []any{},
	}})
}

// addClient refuses an address that is there already; a client needs all of the
// fields below (docs/whmcs-api.md 1.5).
func (w *WHMCS) addClient(params url.Values) object {
	for _, field := range []string{"firstname", "lastname", "email", "address1", "city", "state", "postcode", "country", "phonenumber", "password2"} {
		if params.Get(field) == "" {
			return failed(fmt.Sprintf("The %s field is required.", field))
		}
	}
	answer := failed("A user already exists with that email address")
	w.change(func(state *State) {
		if slices.ContainsFunc(state.Clients, func(c *Client) bool { return strings.EqualFold(c.Email, params.Get("email")) }) {
			return
		}
		client := state.client(0)
		client.FirstName, client.LastName, client.Email = params.Get("firstname"), params.Get("lastname"), params.Get("email")
		answer = success(object{"clientid": client.ID})
	})
	return answer
}

// encryptPassword gives another text on each call, as the real one does.
func (w *WHMCS) encryptPassword(params url.Values) object {
	return success(object{"password": base64.StdEncoding.EncodeToString([]byte(rand.Text() + params.Get("password2")))})
}

func (w *WHMCS) decryptPassword(params url.Values) object {
	text, err := base64.StdEncoding.DecodeString(params.Get("password2"))
	if salt := len(rand.Text()); err == nil && len(text) >= salt {
		return success(object{"password": string(text[salt:])})
	}
	return success(object{"password": ""})
}
