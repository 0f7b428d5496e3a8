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
		return c.ID == id(params, "clientid") || params.Get("email") != "" && strings.EqualFold(c.Email, params.Get("email"))
	})
	if client == nil {
		return failed("Client Not Found")
	}
	currency, allowed := w.currency(client.Currency), 1
	if client.NoSSO {
		allowed = 0
	}
	return success(object{"client": object{
		"client_id": client.ID, "userid": strconv.Itoa(client.ID), "id": client.ID, "firstname": client.FirstName, "lastname": client.LastName,
		"fullname": client.FirstName + " " + client.LastName, "companyname": client.Company, "email": client.Email, "address1": client.Address1,
		"address2": client.Address2, "city": client.City, "state": client.State, "postcode": client.Postcode, "country": client.Country,
		"phonenumber": client.Phone, "status": client.Status, "currency": currency.ID, "currency_code": currency.Code, "credit": "0.00",
		"allowSingleSignOn": allowed, "notes": client.Notes, "customfields": []any{},
	}})
}

// needed are the fields without which there is no client, with what WHMCS says then
// (docs/whmcs-api.md 1.5).
var needed = [][2]string{
	{"firstname", "You did not enter your first name"}, {"lastname", "You did not enter your last name"},
	{"email", "You did not enter your email address"}, {"address1", "You did not enter your address line 1"},
	{"city", "You did not enter your city"}, {"state", "You did not enter your state"}, {"postcode", "You did not enter your postcode"},
	{"country", "Valid country required"}, {"phonenumber", "You did not enter your phone number"}, {"password2", "The Password field is required."},
}

// addClient refuses an address that is there already.
func (w *WHMCS) addClient(params url.Values) object {
	for _, field := range needed {
		if params.Get(field[0]) == "" {
			return failed(field[1])
		}
	}
	if !strings.Contains(params.Get("email"), "@") {
		return failed("The email address you entered was not valid")
	}
	if len(params.Get("country")) != 2 {
		return failed("Valid country required")
	}
	answer := failed("A user already exists with that email address")
	w.change(func(state *State) {
		if slices.ContainsFunc(state.Clients, func(c *Client) bool { return strings.EqualFold(c.Email, params.Get("email")) }) {
			return
		}
		client := state.client(0)
		for name, field := range map[string]*string{"firstname": &client.FirstName, "lastname": &client.LastName, "companyname": &client.Company,
			"email": &client.Email, "address1": &client.Address1, "address2": &client.Address2, "city": &client.City, "state": &client.State,
			"postcode": &client.Postcode, "country": &client.Country, "phonenumber": &client.Phone, "notes": &client.Notes} {
			*field = params.Get(name)
		}
		client.Currency = w.currency(id(params, "currency")).ID
		if !truthy(params, "noemail") {
			state.Mails = append(state.Mails, Mail{At: w.config.Now(), Template: "Client Signup Email"})
		}
		answer = success(object{"clientid": client.ID})
	})
	return answer
}

// updateClient writes the status and the notes. An empty field leaves what there is.
func (w *WHMCS) updateClient(params url.Values) object {
	answer := failed("Client ID Not Found")
	w.change(func(state *State) {
		if client := state.Client(id(params, "clientid")); client != nil {
			client.Status, client.Notes = or(params.Get("status"), client.Status), or(params.Get("notes"), client.Notes)
			answer = success(object{"clientid": client.ID})
		}
	})
	return answer
}

// deleteClient removes a client with all that is theirs.
func (w *WHMCS) deleteClient(params url.Values) object {
	answer := failed("Client ID Not Found")
	w.change(func(state *State) {
		before, who := len(state.Clients), id(params, "clientid")
		state.Clients = slices.DeleteFunc(state.Clients, func(c *Client) bool { return c.ID == who })
		if len(state.Clients) < before {
			state.Services = slices.DeleteFunc(state.Services, func(s *Service) bool { return s.ClientID == who })
			state.Orders = slices.DeleteFunc(state.Orders, func(o *OrderRow) bool { return o.ClientID == who })
			answer = success(object{"clientid": who})
		}
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
