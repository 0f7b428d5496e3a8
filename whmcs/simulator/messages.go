package simulator

import (
	"net/url"
	"strconv"
)

func (w *WHMCS) getServers(url.Values) object {
	servers := []object{}
	for _, s := range w.config.Servers {
		servers = append(servers, object{"id": s.ID, "name": s.Name, "hostname": s.Hostname, "ipaddress": "", "active": true, "module": moduleName})
	}
	return success(object{"servers": servers})
}

func (w *WHMCS) details(url.Values) object {
	return success(object{"whmcs": object{"version": "8.13.1", "canonicalversion": "8.13.1-release.1"}})
}

func (w *WHMCS) logActivity(params url.Values) object {
	w.log("%s", params.Get("description"))
	return success(nil)
}

func (w *WHMCS) openTicket(params url.Values) object {
	if params.Get("subject") == "" || params.Get("message") == "" {
		return failed("Subject and Message Required")
	}
	if id(params, "clientid") == 0 && (params.Get("name") == "" || params.Get("email") == "") {
		return failed("Name and email address are required if not a client")
	}
	var opened int
	w.change(func(state *State) {
		opened = state.newID()
		state.Tickets = append(state.Tickets, &Ticket{opened, id(params, "clientid"), id(params, "serviceid"),
			params.Get("subject"), []string{params.Get("message")}})
	})
	return success(object{"id": opened, "tid": "SIM-" + strconv.Itoa(opened), "c": "AbCdEfGh"})
}

func (w *WHMCS) addTicketReply(params url.Values) object {
	if id(params, "clientid") == 0 && params.Get("adminusername") == "" && (params.Get("name") == "" || params.Get("email") == "") {
		return failed("Name and email address are required if not a client")
	}
	answer := failed("Ticket ID Not Found")
	w.change(func(state *State) {
		if ticket := one(state.Tickets, func(t *Ticket) bool { return t.ID == id(params, "ticketid") }); ticket != nil {
			ticket.Messages = append(ticket.Messages, params.Get("message"))
			answer = success(nil)
		}
	})
	return answer
}

// sendEmail knows mails about services only.
func (w *WHMCS) sendEmail(params url.Values) object {
	if params.Get("messagename") == "" {
		return failed("Email Template not found")
	}
	answer := failed("Invalid Related ID")
	w.change(func(state *State) {
		if service := state.Service(id(params, "id")); service != nil {
			state.mail(params.Get("messagename"), service, w.config.Now())
			answer = success(nil)
		}
	})
	return answer
}

func (w *WHMCS) triggerNotification(params url.Values) object {
	w.change(func(state *State) {
		state.Notifications = append(state.Notifications,
			Notification{params.Get("notification_identifier"), params.Get("title"), params.Get("message")})
	})
	return success(nil)
}
