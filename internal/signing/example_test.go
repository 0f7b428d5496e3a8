package signing_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"metalease/internal/signing"
)

func Example() {
	const body = `{"reason":"abuse"}`
	req, err := http.NewRequest(http.MethodPost, "https://gateway.example.com/v1/services/7/suspend?wait=5s", strings.NewReader(body))
	if err != nil {
		panic(err)
	}
	now := time.Unix(1_767_225_600, 0)
	signing.Sign(req, []byte(body), "main", "shared-secret", now)
	fmt.Println(req.Header.Get(signing.HeaderSignature))

	fmt.Println(signing.Verify(req, []byte(body), "main", "shared-secret", now.Add(time.Minute)))
	fmt.Println(signing.Verify(req, []byte(body), "main", "shared-secret", now.Add(time.Hour)))
	err = signing.Verify(req, []byte(body), "staging", "shared-secret", now)
	fmt.Println(errors.Is(err, signing.ErrWrongInstallation))
	// Output:
	// v1=ad3abe07d894aba136b348f79ddc0937572d15634695fade84b9e584c927c57c
	// <nil>
	// the call's time is more than 5 minutes off: check both clocks
	// true
}
