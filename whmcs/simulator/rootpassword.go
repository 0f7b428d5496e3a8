package simulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
)

// rootPassword answers for the root password that a customer has typed for a reinstall, and keeps it when the server has it.
func (w *WHMCS) rootPassword(question []byte) (int, any) {
	var asked struct {
		Service int  `json:"service"`
		Keep    bool `json:"keep"`
	}
	if json.Unmarshal(question, &asked) != nil || asked.Service <= 0 {
		return http.StatusUnprocessableEntity, object{"title": `Ask for {"service": 101}`}
	}
	s, there := w.service(asked.Service)
	pending := there && w.ours(s) && s.RootPassword != ""
	if asked.Keep {
		if pending {
			w.edit(asked.Service, func(s *Service) { s.Password, s.RootPassword = s.RootPassword, "" })
		}
		return http.StatusOK, object{"kept": pending}
	}
	if !pending {
		return http.StatusOK, object{"pending": false}
	}
	return http.StatusOK, object{"pending": true, "password": s.RootPassword}
}

// SetRootPassword leaves a root password for a reinstall, as a customer does on the service's page.
func (w *WHMCS) SetRootPassword(serviceID int, password string) error {
	if s, there := w.service(serviceID); !there || !w.ours(s) {
		return fmt.Errorf("there is no service %d of the module", serviceID)
	}
	if password == "" {
		return errors.New("password is missing")
	}
	w.edit(serviceID, func(s *Service) { s.RootPassword = password })
	return nil
}

func (w *WHMCS) postRootPassword(r *http.Request) (any, error) {
	var typed struct {
		Password string `json:"password"`
	}
	if err := strict(r.Body, &typed); err != nil {
		return nil, err
	}
	id, _ := strconv.Atoi(r.PathValue("id")) // zero is no service
	return object{"ok": true}, w.SetRootPassword(id, typed.Password)
}
