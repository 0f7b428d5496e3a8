package gateway

// propertyTexts say what properties are, by name, or by type and name where that differs.
var propertyTexts = map[string]string{
	// Names that mean the same everywhere.
	"service_id": "The service's id in WHMCS (tblhosting.id).", "client_id": "The client's id in WHMCS.",
	"order_id": "The order's id in WHMCS.", "panel": "The panel's name in the configuration.",
	"package": "The product's Package Name: a server's Configuration or Server Type on the panel.",
	"phase":   "Where the service is in its life.", "step": "The step of the build.",
	"server_id": "A server's id on the panel.", "as_of": "When the panel was read; null when it is not known.",
	"reason": "Why, for people.", "since": "Since when.", "workflow_url": "Where the Temporal Web UI shows the workflow.",
	"grace_ends_at": "When a service that expired is released unless it is renewed.",
	"event_id":      "Names a decision: random for each, the same for all attempts to send it.",
	"outcome":       "What became of the signal.", "message": "What is wrong, in words that a support person can act on.",

	// Orders.
	"paid_at":     "When the order was paid: who paid first is served first.",
	"os_template": "A template's id on the panel, such as ISPsystem__Debian-12-x86_64; needed unless server_id is given.",
	"recipe":      "A recipe of the panel that runs after the install; none when absent.",
	"ipv4":        "How many IPv4 addresses beyond the main one.", "ipv6": "How many IPv6 addresses beyond the main one.",
	"address_group": "The address pool from which extra addresses come.", "domain": "The host name of the server.",
	"dont_wait":        "Active as soon as the panel has accepted the install.",
	"install_timeout":  "After how long an unfinished install is told as late: 720s, 12m or seconds; the configuration's when absent.",
	"install_attempts": "How many servers are tried; the configuration's when absent.",
	"grace":            "How long an expired service stays blocked before it is released: 72h, 3d or seconds.",
	"restart":          "Start a released service anew.", "Order.server_id": "The one server to take; it is that one or a clear error.",

	// Events.
	"Event.at":         "When the sender decided: RFC 3339, or a date of WHMCS. Absent: when received.",
	"Event.due":        "The day that was not paid.",
	"Event.expires_at": "Until when the service is paid.",
	"Event.source":     "Who asks, such as whmcs or cli.",
	"Event.replace":    "Set the server aside and take another one.",
	"Event.server_id":  "The server that is meant: with retry the one to take, with accept the one that was made ready.",
	"Event.attention":  "The number of the attention that this answers, as the status shows it; absent when it is the open one.",
	"Event.order":      "Corrected fields of the order; service, client and time of payment never change.",

	// The status.
	"summary": "What goes on and what stands in the way, in one sentence for people.",
	"ready":   "True when the customer can have the server: WHMCS may turn the service Active.", "server": "The server that the service holds.",
	"account": "The panel account that owns the server.", "install": "The running or last OS install.",
	"blocks": "Every reason for which the server is blocked.", "held": "Why nothing is blocked or released by itself.",
	"attention": "What waits for a person.", "events": "The newest signals, and what became of them.", "timeline": "What happened, the newest last.",
	"updated_at": "When the status changed last.", "steps": "When each step of the build began and ended.",
	"position": "The place among those who wait for a server; 1 is next.", "Status.order": "What was ordered, with corrections.",
	"trouble":      "Calls for this service that fail and are repeated.",
	"panel_paused": "Set while nothing is blocked or released on the panel.",
	"closed":       "True when the lifecycle has ended: nobody looks after the service any more.",
	"ending":       "How a lifecycle that is closed ended: completed, failed, terminated.",
	"by":           "Who did it.", "Block.source": "Who asked for the block.",
	"accepted_at": "When the panel accepted the install.", "deadline": "When it is late.", "Install.attempt": "Which install of the service this is.",
	"finished_at": "When it ended well.", "code": "A stable name; programs tell cases apart by it.",
	"actions": "The signals that help.", "kind": "The signal's name.", "Entry.at": "When.", "what": "What happened.",
	"number":         "Which attention of the service this is: a signal that answers it names it.",
	"Attention.code": "Why a person is needed.",
	"began":          "When it began.", "ended": "When it ended.",
	"activity": "The call's name.", "where": "Who does not answer: panel fra1, WHMCS.", "Trouble.attempt": "How often it was tried.",
	"last_error": "The words of the last failure.", "next_attempt_at": "When it is tried again; absent while it is tried.",
	"hostname": "The server's host name.", "ip": "The main address.", "extra_ips": "The addresses beyond the main one.",
	"label": "The server's label on the panel.", "Server.id": "The server's id on the panel.",

	// Other answers.
	"started":  "False when the service ran already.",
	"services": "The services of the page.", "next_page_token": "The token of the next page; absent on the last one.",
	"main_ip": "The main address.", "needs_attention": "True when the service waits for a person.",
	"started_at": "When this life of the service began.", "closed_at": "When it ended; absent while it runs.",
	"reached":       "True when the effect is there, or it was decided that there is none.",
	"Result.status": "The status that was seen last; absent when nobody answered.",
	"mode":          "manage, or observe when nothing is written to the panel.", "reachable": "True when the panel answers to the worker's credentials.",
	"paused": "True while nothing is blocked or released on the panel.", "pause_reason": "Why it is paused.",
	"error": "Why the panel cannot be reached.", "Packages.packages": "What can be a product's Package Name.",
	"templates": "The panel's OS templates.", "Template.id": "What an order carries as os_template.", "name": "What people read.",
	"servers": "The servers that carry the mark.", "MarkedServer.id": "The server's id on the panel.", "mark": "The mark in the server's notes.",
	"Stock.packages": "The stock by package.", "free": "Servers that can be sold; null is unknown.",
	"claimed": "Servers that services hold; null is unknown.", "quarantined": "Servers that were set aside; null is unknown.",
	"waiting": "Orders that wait for a server.",

	// Problems.
	"type": "The stable type of the problem.", "title": "What is wrong, in a few words.", "Problem.status": "The HTTP status.",
	"detail": "What is wrong here, or what can be done.", "errors": "The fields or parameters that are wrong.",
	"field": "The name of the field or parameter.", "FieldError.reason": "What is wrong with it; completes a sentence that begins with the name.",
}
